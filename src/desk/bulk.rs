//! Many acts from one file: who is to be registered, what is to be issued, held or terminated, row by row.
//!
//! A file is a table in CSV, or a list of objects in JSON; `docs/bulk.md` has its columns. It is read and checked
//! as a whole before anything is done, and becomes one [`Command::Bulk`]. The ids of its commands are
//! functions of the file and the row, so that the same file, executed again after a crash or by somebody
//! who did not know, does nothing twice.
//!
//! ```
//! use gost_ca::command::Command;
//! use gost_ca::desk::bulk::{BulkDefaults, BulkFile};
//! let file = "act;case;ground;document\r\n\
//!     suspend;000102030405060708090a0b0c0d0e0f;owner-application;№ 17 от 02.03.2026\r\n";
//! let file = BulkFile::read(file.as_bytes(), &BulkDefaults::default())?;
//! let Command::Bulk { items, .. } = file.envelope("Отпуск").command else { panic!() };
//! assert!(matches!(items[..], [Command::Suspend { .. }]));
//! # Ok::<(), gost_ca::desk::bulk::BadBulk>(())
//! ```

mod act;
mod cells;
mod fault;
mod names;
mod results;
mod table;

use std::collections::BTreeMap;

use jiff::tz::Offset;

pub use act::BulkAct;
pub use fault::{BadBulk, BulkFault};
pub use names::BulkNames;

use crate::command::{Command, Envelope};
use crate::id::{AuthorityId, CommandId, OfficeId, ProfileId, UserId};
use crate::registration_authority::{LARGEST_BULK, item_id};
use cells::Cells;
use fault::Problem;
pub(crate) use names::Wanted;

/// What counts where a row does not say it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BulkDefaults {
    /// Where people are registered.
    pub office: Option<OfficeId>,
    /// By which profile certificates are issued.
    pub profile: Option<ProfileId>,
    /// By which authority.
    pub authority: Option<AuthorityId>,
    /// In which zone a day begins and ends.
    pub zone: Offset,
    /// Who and what logins and serial numbers mean.
    pub names: BulkNames,
}

impl Default for BulkDefaults {
    /// Nothing, and the zone of Moscow.
    fn default() -> Self {
        let (office, profile, authority) = (None, None, None);
        Self { office, profile, authority, zone: Offset::constant(3), names: BulkNames::default() }
    }
}

/// A file that was read and checked.
#[derive(Clone, Debug)]
pub struct BulkFile {
    id: CommandId,
    rows: Vec<BulkRow>,
}

/// What one row wants.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BulkRow {
    /// Its line in a CSV file, or its number in a list, from 1.
    pub number: usize,
    /// What is to be done.
    pub act: BulkAct,
    /// By which commands, in this order.
    pub commands: Vec<Command>,
}

impl BulkFile {
    /// Reads a file: UTF-8 with or without a mark, CSV with `;` or `,`, or JSON.
    ///
    /// # Errors
    /// All that is wrong, by row and column; nothing of it repeats what stands there.
    pub fn read(file: &[u8], defaults: &BulkDefaults) -> Result<Self, BadBulk> {
        let lines = table::lines(file)?;
        let id = id(file, defaults);
        let (mut rows, mut faults) = (Vec::with_capacity(lines.len()), Vec::new());
        let (mut items, mut registered) = (0_u32, BTreeMap::new());
        for line in &lines {
            let mut cells = Cells::new(line, defaults, &registered);
            let first = item_id(&id, items);
            let row = act::commands(&mut cells, &first);
            faults.extend(cells.into_faults());
            let Some((act, commands)) = row else { continue };
            if let [Command::Register(register)] = commands.as_slice() {
                registered.insert(register.login.clone(), UserId::made_by(&first));
            }
            items = items.saturating_add(u32::try_from(commands.len()).unwrap_or(u32::MAX));
            rows.push(BulkRow { number: line.number, act, commands });
        }
        faults.extend(act::twice(&rows));
        match usize::try_from(items) {
            Ok(0) if faults.is_empty() => faults.push(BulkFault::of_file(Problem::Empty)),
            Ok(items) if items <= LARGEST_BULK => {}
            _ => faults.push(BulkFault::of_file(Problem::TooMany)),
        }
        if faults.is_empty() { Ok(Self { id, rows }) } else { Err(BadBulk::new(faults)) }
    }

    /// What each row wants.
    pub fn rows(&self) -> &[BulkRow] {
        &self.rows
    }

    /// The command that does all of it, under the file's own id; `title` is how people call it.
    pub fn envelope(&self, title: impl Into<String>) -> Envelope {
        let items = self.rows.iter().flat_map(|row| row.commands.iter().cloned()).collect();
        Envelope::new(self.id, Command::Bulk { title: title.into(), items })
    }
}

/// A function of the file, and of what it leaves unsaid.
fn id(file: &[u8], defaults: &BulkDefaults) -> CommandId {
    // what names mean is not unsaid: it stays what it is
    let BulkDefaults { office, profile, authority, zone, names: _ } = defaults;
    let unsaid = format!("{office:?} {profile:?} {authority:?} {}", zone.seconds());
    let digest = gost_hash::streebog256(&[b"bulk\0", unsaid.as_bytes(), b"\0", file].concat());
    CommandId::new(core::array::from_fn(|i| digest.get(i).copied().unwrap_or_default()))
}
