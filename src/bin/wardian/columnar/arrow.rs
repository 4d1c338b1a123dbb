//! Arrow's stream of batches, and its file, which is that stream between two marks. Lengths that it claims are looked at before
//! memory is made for them, and an end that is no end is found.

use std::io::{self, Read};

use anyhow::{Context, Result, anyhow, bail, ensure};
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::{MessageHeader, root_as_footer, root_as_message};
use arrow_schema::SchemaRef;

/// Stands before a message's length, and before the zero that ends a stream.
const CONTINUATION: [u8; 4] = [0xff; 4];
/// The mark at both ends of a file; two zeros follow the first.
const MAGIC: &[u8; 6] = b"ARROW1";
/// The longest description of a message, or footer: a column's is some hundred bytes.
const LONGEST_DESCRIPTION: u64 = 1 << 26;
/// The largest batch, packed or not: one is in memory whole.
const LARGEST_BATCH: u64 = 1 << 31;
/// As much memory is made before bytes come to fill it.
const FIRST_ROOM: u64 = 1 << 20;

/// The most words of zeros behind a file's first mark.
const FILLED_WORDS: usize = 14;

const CUT_OFF: &str = "it is cut off: it ends before its end mark";

/// The batches of a stream or a file, in their order.
pub(super) struct Batches {
    source: Box<dyn Read>,
    is_file: bool,
    decoder: StreamDecoder,
    /// The length of the next message's description; none behind the last.
    next: Option<u64>,
    batches: usize,
}

impl Batches {
    /// Reads up to the description of the columns.
    pub(super) fn open(mut source: Box<dyn Read>, is_file: bool) -> Result<Self> {
        if is_file {
            let mut mark = [0; 8];
            source.read_exact(&mut mark).map_err(whole)?;
            ensure!(mark.starts_with(MAGIC), "it is no Arrow file");
        }
        let mut own = Self { source, is_file, decoder: StreamDecoder::new(), next: None, batches: 0 };
        own.next = own.next_length()?;
        // Some writers fill up behind a file's mark to 64 bytes.
        for _ in 0..FILLED_WORDS {
            if own.next.is_none() && is_file {
                own.next = own.next_length()?;
            }
        }
        own.decoder.decode(&mut Buffer::from_vec(own.mark().to_vec()))?;
        // The first message is no batch of rows, or there would be no columns for it.
        if own.decoder.schema().is_none() {
            ensure!(own.message()?.is_none(), "its first batch of rows comes before its columns");
        }
        Ok(own)
    }

    pub(super) fn schema(&self) -> Result<SchemaRef> {
        self.decoder.schema().context("it does not begin with its columns")
    }

    /// The next batch of rows; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>> {
        while self.next.is_some() {
            if let Some(batch) = self.message()? {
                self.batches += 1;
                return Ok(Some(batch));
            }
        }
        if self.is_file {
            self.check_end()?;
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
        self.append(length, &mut bytes)?;
        let message = root_as_message(&bytes).map_err(|_| anyhow!("it is damaged"))?;
        let body = u64::try_from(message.bodyLength()).context("it is damaged")?;
        ensure!(body <= LARGEST_BATCH, "a batch of {body} bytes: write its rows in smaller ones");
        self.append(body, &mut bytes)?;
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

    fn append(&mut self, length: u64, bytes: &mut Vec<u8>) -> Result<()> {
        bytes.reserve(length.min(FIRST_ROOM) as usize);
        let read = self.source.by_ref().take(length).read_to_end(bytes)?;
        ensure!(read as u64 == length, CUT_OFF);
        Ok(())
    }

    /// Behind a file's batches there is an account of them, its length, and the mark again.
    fn check_end(&mut self) -> Result<()> {
        let mut end = Vec::new();
        self.source.by_ref().take(LONGEST_DESCRIPTION).read_to_end(&mut end)?;
        let footer = end.strip_suffix(MAGIC).and_then(|rest| rest.split_last_chunk::<4>());
        let Some((footer, length)) = footer else { bail!(CUT_OFF) };
        ensure!(footer.len() as u64 == u64::from(u32::from_le_bytes(*length)), "it is damaged at its end");
        let footer = root_as_footer(footer).map_err(|_| anyhow!("it is damaged at its end"))?;
        let counted = footer.recordBatches().map_or(0, |batches| batches.len());
        ensure!(counted == self.batches, "it has {} batches of rows, and says that it has {counted}", self.batches);
        Ok(())
    }
}

/// What a packed batch says that it unpacks to.
fn check_unpacked(bytes: &[u8], description: usize) -> Result<()> {
    let (description, body) = bytes.split_at(description);
    let message = root_as_message(description).map_err(|_| anyhow!("it is damaged"))?;
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
