//! The signs of JSON.

use std::borrow::Cow;

use super::take::{Fill, fill_json};
use super::{Items, Reader, Token};
use crate::error::Result;

impl<'a> Reader<'a> {
    /// Takes white space.
    pub(super) fn white(&mut self) {
        let rest = &self.bytes[self.offset..];
        self.offset += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
    }

    /// Takes white space, and tells the byte that follows; 0 at the end.
    fn json_peek(&mut self) -> u8 {
        self.white();
        self.byte()
    }

    /// The byte that is next; 0 at the end.
    fn byte(&self) -> u8 {
        self.bytes.get(self.offset).copied().unwrap_or(0)
    }

    pub(super) fn json_token(&mut self) -> Result<Token<'a>> {
        let byte = self.json_peek();
        let items = |closing| Items { closing, is_first: true, left: None, element: None };
        Ok(match byte {
            b'"' => Token::Text(self.json_text()?),
            b'-' | b'0'..=b'9' => self.json_number()?,
            b'[' => {
                self.offset += 1;
                Token::List(items(b']'))
            }
            b'{' => {
                self.offset += 1;
                Token::Object(items(b'}'))
            }
            b'n' => {
                self.word(b"null")?;
                Token::Null
            }
            b't' => {
                self.word(b"true")?;
                Token::Truth(true)
            }
            b'f' => {
                self.word(b"false")?;
                Token::Truth(false)
            }
            _ => return Err(self.due("a value")),
        })
    }

    /// Fills with the value that is next in JSON, or with that of the JSON in a text.
    pub(in crate::import) fn fill_within(&mut self, value: &mut dyn Fill) -> Result<()> {
        if self.json_peek() != b'"' {
            return value.fill(self);
        }
        let text = self.json_text()?;
        fill_json(value, text.as_bytes()).map_err(|error| self.said(format_args!("{}", error.message())))
    }

    #[cold]
    fn due(&self, what: &str) -> crate::error::Error {
        let found =
            if self.offset < self.bytes.len() { "expected" } else { "the file ends early: copy it again; expected" };
        self.fault(format_args!("{found} {what}"))
    }

    fn word(&mut self, word: &[u8]) -> Result<()> {
        if !self.bytes[self.offset..].starts_with(word) {
            return Err(self.due("null, true or false"));
        }
        self.offset += word.len();
        Ok(())
    }

    pub(super) fn json_null(&mut self) -> Result<bool> {
        let is_null = self.json_peek() == b'n';
        if is_null {
            self.word(b"null")?;
        }
        Ok(is_null)
    }

    pub(super) fn json_more(&mut self, items: &mut Items) -> Result<bool> {
        let byte = self.json_peek();
        if byte == items.closing {
            self.offset += 1;
            return Ok(false);
        }
        if !std::mem::take(&mut items.is_first) {
            if byte != b',' {
                return Err(self.due(if items.closing == b']' { "`,` or `]`" } else { "`,` or `}`" }));
            }
            self.offset += 1;
        }
        Ok(true)
    }

    pub(super) fn json_key(&mut self) -> Result<Cow<'a, str>> {
        if self.json_peek() != b'"' {
            return Err(self.due("a key in quotes"));
        }
        let key = self.json_text()?;
        self.colon()?;
        Ok(key)
    }

    fn colon(&mut self) -> Result<()> {
        if self.json_peek() != b':' {
            return Err(self.due("`:`"));
        }
        self.offset += 1;
        Ok(())
    }

    /// Takes digits, of which there is one at least.
    fn digits(&mut self) -> Result<()> {
        let count = self.bytes[self.offset..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return Err(self.due("a digit"));
        }
        self.offset += count;
        Ok(())
    }

    fn json_number(&mut self) -> Result<Token<'a>> {
        let start = self.offset;
        let is_negative = self.byte() == b'-';
        self.offset += usize::from(is_negative);
        let first = self.offset;
        self.digits()?;
        let digits = &self.bytes[first..self.offset];
        if digits.len() > 1 && digits[0] == b'0' {
            return Err(self.fault(format_args!("a number begins with 0")));
        }
        let mut is_whole = true;
        if self.byte() == b'.' {
            is_whole = false;
            self.offset += 1;
            self.digits()?;
        }
        if self.byte() | 0x20 == b'e' {
            is_whole = false;
            self.offset += 1;
            self.offset += usize::from(matches!(self.byte(), b'+' | b'-'));
            self.digits()?;
        }
        if is_whole {
            let add = |whole: u64, byte: &u8| whole.checked_mul(10)?.checked_add(u64::from(byte - b'0'));
            // -0 is a number of no whole type.
            match (digits.iter().try_fold(0, add), is_negative) {
                (Some(whole @ ..=0x7fff_ffff_ffff_ffff), false) => return Ok(Token::Whole(whole as i64)),
                (Some(whole), false) => return Ok(Token::Large(whole)),
                (Some(whole @ 1..=0x8000_0000_0000_0000), true) => {
                    return Ok(Token::Whole((whole as i64).wrapping_neg()));
                }
                _ => {}
            }
        }
        // All of ASCII.
        Ok(Token::Decimal(std::str::from_utf8(&self.bytes[start..self.offset]).unwrap_or("")))
    }

    /// Takes what stands before the next quote, backslash or control character, and tells that.
    fn run(&mut self) -> (&'a [u8], u8) {
        let rest = &self.bytes[self.offset..];
        let length = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count();
        self.offset += length;
        (&rest[..length], self.byte())
    }

    fn json_text(&mut self) -> Result<Cow<'a, str>> {
        self.offset += 1;
        let (run, end) = self.run();
        if end == b'"' {
            self.offset += 1;
            return match std::str::from_utf8(run) {
                Ok(text) => Ok(Cow::Borrowed(text)),
                Err(_) => Err(self.fault(format_args!("a text is not UTF-8"))),
            };
        }
        let (mut text, mut end) = (run.to_vec(), end);
        while end == b'\\' {
            self.offset += 1;
            self.escaped(&mut text)?;
            let run;
            (run, end) = self.run();
            text.extend_from_slice(run);
        }
        if end != b'"' {
            return Err(self.due("a text without control characters, and a quote at its end"));
        }
        self.offset += 1;
        String::from_utf8(text).map(Cow::Owned).map_err(|_| self.fault(format_args!("a text is not UTF-8")))
    }

    /// Takes what follows a backslash.
    fn escaped(&mut self, text: &mut Vec<u8>) -> Result<()> {
        let byte = self.byte();
        let meant = match byte {
            b'"' | b'\\' | b'/' => byte,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                self.offset += 1;
                let mut code = self.four()?;
                // Beyond 16 bits it is written as two.
                if (0xd800..0xdc00).contains(&code) && self.bytes[self.offset..].starts_with(b"\\u") {
                    self.offset += 2;
                    let second = self.four()?;
                    code = if (0xdc00..0xe000).contains(&second) {
                        0x1_0000 + (code - 0xd800) * 0x400 + (second - 0xdc00)
                    } else {
                        u32::MAX
                    };
                }
                let Some(character) = char::from_u32(code) else {
                    return Err(self.fault(format_args!("an escape is half a character")));
                };
                text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err(self.due("an escape that is known")),
        };
        self.offset += 1;
        text.push(meant);
        Ok(())
    }

    /// Takes four digits of a code.
    fn four(&mut self) -> Result<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = char::from(self.byte()).to_digit(16) else {
                return Err(self.due("a digit of 16"));
            };
            code = code * 16 + digit;
            self.offset += 1;
        }
        Ok(code)
    }

    /// Takes a text that nobody wants.
    fn skip_text(&mut self) -> Result<()> {
        self.offset += 1;
        loop {
            let (_, end) = self.run();
            match end {
                b'"' => break,
                b'\\' if self.offset + 1 < self.bytes.len() => self.offset += 2,
                _ => return Err(self.due("a text without control characters, and a quote at its end")),
            }
        }
        self.offset += 1;
        Ok(())
    }

    pub(super) fn json_skip(&mut self) -> Result<()> {
        // The brackets that are open: a byte each, as a file may have no others.
        let mut open: Vec<u8> = Vec::new();
        loop {
            let mut is_first = false;
            match self.json_peek() {
                b'"' => self.skip_text()?,
                _ => {
                    if let Token::List(Items { closing, .. }) | Token::Object(Items { closing, .. }) =
                        self.json_token()?
                    {
                        open.push(closing);
                        is_first = true;
                    }
                }
            }
            // What follows: the next value, or ends.
            loop {
                let Some(&closing) = open.last() else { return Ok(()) };
                if self.json_more(&mut Items { closing, is_first, left: None, element: None })? {
                    self.skip_key(closing)?;
                    break;
                }
                open.pop();
                is_first = false;
            }
        }
    }

    fn skip_key(&mut self, closing: u8) -> Result<()> {
        if closing == b']' {
            return Ok(());
        }
        if self.json_peek() != b'"' {
            return Err(self.due("a key in quotes"));
        }
        self.skip_text()?;
        self.colon()
    }
}
