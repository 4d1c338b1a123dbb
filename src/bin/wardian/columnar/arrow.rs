//! Arrow's stream of batches, and its file, which has an account of them at its end. Lengths that they claim are looked at before
//! memory is made for them, and an end that is no end is found.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail, ensure};
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{FileDecoder, StreamDecoder};
use arrow_ipc::{Block, MessageHeader, root_as_footer, root_as_message};
use arrow_schema::SchemaRef;

/// Stands before a message's length, and before the zero that ends a stream.
const CONTINUATION: [u8; 4] = [0xff; 4];
/// The mark at both ends of a file.
const MAGIC: &[u8; 6] = b"ARROW1";
/// The longest description of a message, or footer: a column's is some hundred bytes.
const LONGEST_DESCRIPTION: u64 = 1 << 26;
/// The largest batch, packed or not: one is in memory whole.
const LARGEST_BATCH: u64 = 1 << 31;
/// As much memory is made before bytes come to fill it.
const FIRST_ROOM: u64 = 1 << 20;

const DAMAGED: &str = "it is damaged";
const CUT_OFF: &str = "it is cut off: it ends before its end mark";

/// The batches of a stream, in their order.
pub(super) struct Stream {
    source: Box<dyn Read>,
    decoder: StreamDecoder,
    /// The length of the next message's description; none behind the last.
    next: Option<u64>,
}

impl Stream {
    /// Reads up to the description of the columns.
    pub(super) fn open(source: Box<dyn Read>) -> Result<Self> {
        let mut own = Self { source, decoder: StreamDecoder::new(), next: None };
        own.next = own.next_length()?;
        own.decoder.decode(&mut Buffer::from_vec(own.mark().to_vec()))?;
        // The first message is no batch of rows, or there would be no columns for it.
        ensure!(own.message()?.is_none(), "its first batch of rows comes before its columns");
        Ok(own)
    }

    pub(super) fn schema(&self) -> Result<SchemaRef> {
        self.decoder.schema().context("it does not begin with its columns")
    }

    /// The next batch of rows; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>> {
        while self.next.is_some() {
            if let Some(batch) = self.message()? {
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }

    fn next_length(&mut self) -> Result<Option<u64>> {
        let mut sign = [0; 4];
        self.source.read_exact(&mut sign).map_err(whole)?;
        if sign == CONTINUATION {
            self.source.read_exact(&mut sign).map_err(whole)?;
        }
        let length = u64::from(u32::from_le_bytes(sign));
        ensure!(length <= LONGEST_DESCRIPTION, "it is damaged: a message is described in {length} bytes");
        Ok(Some(length).filter(|&length| length > 0))
    }

    /// What stands before the next message.
    fn mark(&self) -> [u8; 8] {
        let [a, b, c, d] = (self.next.unwrap_or(0) as u32).to_le_bytes();
        [0xff, 0xff, 0xff, 0xff, a, b, c, d]
    }

    /// Takes the next message in, and gives its batch if it is one.
    fn message(&mut self) -> Result<Option<RecordBatch>> {
        let length = self.next.take().context(CUT_OFF)?;
        let mut bytes = Vec::new();
        append(&mut self.source, length, &mut bytes)?;
        let message = root_as_message(&bytes).map_err(|_| anyhow!(DAMAGED))?;
        let body = u64::try_from(message.bodyLength()).context(DAMAGED)?;
        ensure!(body <= LARGEST_BATCH, "a batch of {body} bytes: write its rows in smaller ones");
        append(&mut self.source, body, &mut bytes)?;
        check_unpacked(&bytes, length as usize)?;
        // With what stands before the next one the decoder knows that this one has ended.
        self.next = self.next_length()?;
        bytes.extend_from_slice(&self.mark());
        let (mut buffer, mut batch) = (Buffer::from_vec(bytes), None);
        while !buffer.is_empty() {
            batch = self.decoder.decode(&mut buffer)?.or(batch);
        }
        Ok(batch)
    }
}

/// The batches of a file, which are where the account at its end says.
pub(super) struct Batches {
    file: File,
    schema: SchemaRef,
    decoder: FileDecoder,
    blocks: std::vec::IntoIter<Block>,
}

impl Batches {
    pub(super) fn open(mut file: File) -> Result<Self> {
        let length = file.metadata()?.len();
        let mut end = Vec::new();
        file.seek(SeekFrom::Start(length.saturating_sub(LONGEST_DESCRIPTION)))?;
        file.read_to_end(&mut end)?;
        let before = end.strip_suffix(MAGIC).and_then(|rest| rest.split_last_chunk::<4>());
        let Some((before, footer)) = before else { bail!(CUT_OFF) };
        let start = before.len().checked_sub(u32::from_le_bytes(*footer) as usize).context(DAMAGED)?;
        let footer = root_as_footer(&before[start..]).map_err(|_| anyhow!(DAMAGED))?;
        let schema = footer.schema().context("it does not say what its columns are")?;
        ensure!(schema.endianness().equals_to_target_endianness(), "its bytes are in another machine's order");
        let schema = Arc::new(try_fb_to_schema(schema)?);
        let blocks = footer.recordBatches().into_iter().flatten().copied().collect::<Vec<_>>().into_iter();
        let decoder = FileDecoder::new(schema.clone(), footer.version());
        let mut own = Self { file, schema, decoder, blocks };
        for block in footer.dictionaries().into_iter().flatten() {
            let bytes = own.bytes(block)?;
            own.decoder.read_dictionary(block, &bytes)?;
        }
        Ok(own)
    }

    pub(super) fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The next batch of rows; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>> {
        let Some(block) = self.blocks.next() else { return Ok(None) };
        let bytes = self.bytes(&block)?;
        Ok(Some(self.decoder.read_record_batch(&block, &bytes)?.context(DAMAGED)?))
    }

    fn bytes(&mut self, block: &Block) -> Result<Buffer> {
        let place = |number: i64| u64::try_from(number).map_err(|_| anyhow!(DAMAGED));
        let (start, description) = (place(block.offset())?, place(block.metaDataLength().into())?);
        let body = place(block.bodyLength())?;
        ensure!((8..=LONGEST_DESCRIPTION).contains(&description), DAMAGED);
        ensure!(body <= LARGEST_BATCH, "a batch of {body} bytes: write its rows in smaller ones");
        self.file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        append(&mut self.file, description + body, &mut bytes)?;
        // Its length stands before a description, and since 0.15 the mark before that.
        let before = if bytes.starts_with(&CONTINUATION) { 8 } else { 4 };
        check_unpacked(&bytes[before..], description as usize - before)?;
        Ok(Buffer::from_vec(bytes))
    }
}

fn append(source: &mut dyn Read, length: u64, bytes: &mut Vec<u8>) -> Result<()> {
    bytes.reserve(length.min(FIRST_ROOM) as usize);
    let read = source.take(length).read_to_end(bytes)?;
    ensure!(read as u64 == length, CUT_OFF);
    Ok(())
}

/// What a packed batch says that it unpacks to.
fn check_unpacked(bytes: &[u8], description: usize) -> Result<()> {
    let (description, body) = bytes.split_at(description);
    let message = root_as_message(description).map_err(|_| anyhow!(DAMAGED))?;
    let batch = match message.header_type() {
        MessageHeader::RecordBatch => message.header_as_record_batch(),
        MessageHeader::DictionaryBatch => message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data()),
        _ => None,
    };
    let Some(batch) = batch.filter(|batch| batch.compression().is_some()) else { return Ok(()) };
    let mut unpacked = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        // The decoder finds out by itself that one is not there.
        let start = usize::try_from(buffer.offset()).unwrap_or(usize::MAX);
        let Some(length) = body.get(start..).and_then(|bytes| bytes.first_chunk()) else { continue };
        // Less than nothing says that this one is not packed.
        unpacked = unpacked.saturating_add(u64::try_from(i64::from_le_bytes(*length)).unwrap_or(0));
    }
    ensure!(unpacked <= LARGEST_BATCH, "a batch that unpacks to {unpacked} bytes: write its rows in smaller ones");
    Ok(())
}

fn whole(error: io::Error) -> anyhow::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => anyhow!(CUT_OFF),
        _ => error.into(),
    }
}
