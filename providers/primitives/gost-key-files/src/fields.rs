//! Reading DER field by field.

use alloc::vec::Vec;

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

use crate::Unopened;

/// The fields of a SEQUENCE or SET that are still to be read.
#[derive(Clone)]
pub(crate) struct Fields<'a>(SliceReader<'a>);

impl<'a> Fields<'a> {
    /// Those of a SEQUENCE that is the whole of `der`.
    pub(crate) fn of_der(der: &'a [u8]) -> Result<Self, Unopened> {
        Self::of(AnyRef::from_der(der)?, Tag::Sequence)
    }

    /// Those of a value under `tag`.
    pub(crate) fn of(any: AnyRef<'a>, tag: Tag) -> Result<Self, Unopened> {
        if any.tag() != tag {
            return Err(Unopened::Malformed);
        }
        Ok(Self(SliceReader::new(any.value())?))
    }

    /// The next field, whatever it is.
    pub(crate) fn any(&mut self) -> Result<AnyRef<'a>, Unopened> {
        Ok(AnyRef::decode(&mut self.0)?)
    }

    /// The next field with its tag and length.
    pub(crate) fn octets_of_next(&mut self) -> Result<&'a [u8], Unopened> {
        Ok(self.0.tlv_bytes()?)
    }

    pub(crate) fn sequence(&mut self) -> Result<Self, Unopened> {
        Self::of(self.any()?, Tag::Sequence)
    }

    /// The contents of the next field under `tag`.
    pub(crate) fn value(&mut self, tag: Tag) -> Result<&'a [u8], Unopened> {
        let any = self.any()?;
        if any.tag() == tag { Ok(any.value()) } else { Err(Unopened::Malformed) }
    }

    pub(crate) fn octets(&mut self) -> Result<&'a [u8], Unopened> {
        self.value(Tag::OctetString)
    }

    pub(crate) fn oid(&mut self) -> Result<ObjectIdentifier, Unopened> {
        Ok(self.any()?.decode_as()?)
    }

    pub(crate) fn integer(&mut self) -> Result<u32, Unopened> {
        Ok(self.any()?.decode_as()?)
    }

    /// The next field if it is there under `tag`.
    pub(crate) fn optional(&mut self, tag: Tag) -> Result<Option<AnyRef<'a>>, Unopened> {
        if !self.0.is_finished() && Tag::peek(&self.0)? == tag {
            return self.any().map(Some);
        }
        Ok(None)
    }

    /// The next field if it is an INTEGER.
    pub(crate) fn optional_integer(&mut self) -> Result<Option<u32>, Unopened> {
        match self.optional(Tag::Integer)? {
            Some(number) => Ok(Some(number.decode_as()?)),
            None => Ok(None),
        }
    }

    /// All fields that are left.
    pub(crate) fn rest(mut self) -> Result<Vec<AnyRef<'a>>, Unopened> {
        let mut rest = Vec::new();
        while !self.0.is_finished() {
            rest.push(self.any()?);
        }
        Ok(rest)
    }

    pub(crate) fn finish(self) -> Result<(), Unopened> {
        Ok(self.0.finish()?)
    }
}

/// `[number]`.
pub(crate) const fn context(number: u32, constructed: bool) -> Tag {
    Tag::ContextSpecific { constructed, number: TagNumber(number) }
}
