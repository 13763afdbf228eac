//! How values lie in columns.

use gost_ca::Timestamp;
use gost_ca::id::{ApprovalId, AuthorityId, CaseId, NoticeId, TokenId, UserId};
use gost_ca::provider::ErrorKind;
use gost_ca::provider::journal::StreamId;
use gost_ca::x509::SerialNumber;

use crate::failure::{Failure, Outcome};

/// A time as nanoseconds since 1970.
///
/// # Errors
/// `Invalid` outside 1678 to 2261: no certificate of ours lives there.
pub(crate) fn time(time: Timestamp) -> Outcome<i64> {
    i64::try_from(time.as_nanosecond()).map_err(|_| Failure::Refused(ErrorKind::Invalid))
}

pub(crate) fn optional_time(value: Option<Timestamp>) -> Outcome<Option<i64>> {
    value.map(time).transpose()
}

/// The bound of a question: times that no column can hold become the nearest that one can.
pub(crate) fn bound(time: Timestamp) -> i64 {
    let nanoseconds = time.as_nanosecond();
    i64::try_from(nanoseconds).unwrap_or(if nanoseconds < 0 { i64::MIN } else { i64::MAX })
}

pub(crate) fn read_time(nanoseconds: i64) -> Outcome<Timestamp> {
    Timestamp::from_nanosecond(nanoseconds.into()).map_err(|_| Failure::Damaged("a time"))
}

pub(crate) fn read_optional_time(value: Option<i64>) -> Outcome<Option<Timestamp>> {
    value.map(read_time).transpose()
}

/// A count or an index.
pub(crate) fn number(value: u64) -> Outcome<i64> {
    i64::try_from(value).map_err(|_| Failure::Refused(ErrorKind::Invalid))
}

pub(crate) fn read_number(value: i64) -> Outcome<u64> {
    u64::try_from(value).map_err(|_| Failure::Damaged("a number"))
}

/// A number of rows; more than there can be is all of them.
pub(crate) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// A stream's kind and id in 17 octets.
pub(crate) fn stream(stream: &StreamId) -> Outcome<[u8; 17]> {
    let (kind, id) = match stream {
        StreamId::Record => (0, &[0; 16]),
        StreamId::Account(id) => (1, id.octets()),
        StreamId::Case(id) => (2, id.octets()),
        StreamId::Authority(id) => (3, id.octets()),
        StreamId::Access => (4, &[0; 16]),
        StreamId::Audit => (5, &[0; 16]),
        StreamId::Carrier(id) => (9, id.octets()),
        StreamId::Notice(id) => (10, id.octets()),
        StreamId::Approval(id) => (6, id.octets()),
        _ => return Err(Failure::Refused(ErrorKind::Unsupported)),
    };
    let mut name = [kind; 17];
    name.iter_mut().skip(1).zip(id).for_each(|(to, from)| *to = *from);
    Ok(name)
}

pub(crate) fn read_stream(name: &[u8]) -> Outcome<StreamId> {
    let damaged = Failure::Damaged("a stream's name");
    let Some((kind, id)) = name.split_first() else { return Err(damaged) };
    let Ok(id) = <[u8; 16]>::try_from(id) else { return Err(damaged) };
    // what has no id has zeros: another name for it would be another stream
    match kind {
        0 | 4 | 5 if id != [0; 16] => Err(damaged),
        0 => Ok(StreamId::Record),
        1 => Ok(StreamId::Account(UserId::new(id))),
        2 => Ok(StreamId::Case(CaseId::new(id))),
        3 => Ok(StreamId::Authority(AuthorityId::new(id))),
        4 => Ok(StreamId::Access),
        5 => Ok(StreamId::Audit),
        9 => Ok(StreamId::Carrier(TokenId::new(id))),
        10 => Ok(StreamId::Notice(NoticeId::new(id))),
        6 => Ok(StreamId::Approval(ApprovalId::new(id))),
        _ => Err(damaged),
    }
}

/// A serial number so that octets compare as the integers do.
pub(crate) fn serial(serial: &SerialNumber) -> Vec<u8> {
    let magnitude = serial.magnitude();
    let size = u8::try_from(magnitude.len()).unwrap_or(u8::MAX); // at most 20
    [&[size][..], magnitude].concat()
}

pub(crate) fn read_serial(column: &[u8]) -> Outcome<SerialNumber> {
    let magnitude = column.get(1..).unwrap_or_default();
    SerialNumber::from_magnitude(magnitude).map_err(|_| Failure::Damaged("a serial number"))
}
