//! A token on disk: its label, its key under both PINs, and the wrong tries of each.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use cryptoki_sys::{
    CK_FLAGS, CKF_SO_PIN_COUNT_LOW, CKF_SO_PIN_FINAL_TRY, CKF_SO_PIN_LOCKED,
    CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_INITIALIZED, CKF_USER_PIN_LOCKED,
    CKR_DEVICE_ERROR, CKR_PIN_LEN_RANGE, CKR_PIN_LOCKED, CKR_TOKEN_NOT_RECOGNIZED,
    CKR_USER_PIN_NOT_INITIALIZED,
};
use serde::{Deserialize, Serialize};

use crate::durable::{self, Lock, Tally};
use crate::profile::PinRule;
use crate::refusal::{Refusal, Result, demand};
use crate::settings::SlotSettings;
use crate::store;
use crate::vault::{TokenKey, Wrapped, random};

/// Whose PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    User,
    SecurityOfficer,
}

/// The folder of a token, initialised or not.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    folder: PathBuf,
    settings: SlotSettings,
    iterations: u32,
}

/// `token.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    format: u32,
    /// 32 octets as `C_InitToken` took them.
    #[serde(with = "hex::serde")]
    pub(crate) label: Vec<u8>,
    pub(crate) serial: String,
    so_pin: Wrapped,
    user_pin: Option<Wrapped>,
}

impl Token {
    pub(crate) fn new(folder: PathBuf, settings: SlotSettings, iterations: u32) -> Self {
        Self { folder, settings, iterations }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the token says of itself; nothing before it is initialised.
    pub(crate) fn record(&self) -> Result<Option<Record>> {
        let text = match fs::read(self.folder.join(RECORD)) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let record: Record =
            serde_json::from_slice(&text).map_err(|_| Refusal(CKR_TOKEN_NOT_RECOGNIZED))?;
        demand(record.format == FORMAT, CKR_TOKEN_NOT_RECOGNIZED)?;
        Ok(Some(record))
    }

    /// Erases the token and labels it anew. The officer's PIN is set at the first time, and must be
    /// right at any other.
    pub(crate) fn initialise(&self, pin: &[u8], label: &[u8]) -> Result<()> {
        durable::make_folder(&self.folder)?;
        let _lock = Lock::take(&self.folder)?;
        match self.record()? {
            Some(old) => drop(self.try_pin(Holder::SecurityOfficer, &old.so_pin, pin)?),
            None => self.check_length(Holder::SecurityOfficer, pin)?,
        }
        store::remove_all(&self.folder)?;
        let mut serial = [0; 8];
        random(&mut serial)?;
        let so_pin = Wrapped::new(&TokenKey::draw()?, pin, self.iterations)?;
        let serial = hex::encode(serial);
        let label = label.to_vec();
        self.write(&Record { format: FORMAT, label, serial, so_pin, user_pin: None })?;
        Ok(self.tally(Holder::User).reset()?)
    }

    /// The token's key for a PIN. A wrong one is counted before it is tried.
    pub(crate) fn log_in(&self, holder: Holder, pin: &[u8]) -> Result<TokenKey> {
        let _lock = Lock::take(&self.folder)?;
        self.try_pin(holder, self.known()?.wrapped(holder)?, pin)
    }

    /// Sets the user's PIN by the officer, who has the token's key; unlocks it too.
    pub(crate) fn initialise_pin(&self, key: &TokenKey, pin: &[u8]) -> Result<()> {
        let _lock = Lock::take(&self.folder)?;
        self.check_length(Holder::User, pin)?;
        let mut record = self.known()?;
        record.user_pin = Some(Wrapped::new(key, pin, self.iterations)?);
        self.write(&record)?;
        Ok(self.tally(Holder::User).reset()?)
    }

    /// Changes a PIN by whoever knows it.
    pub(crate) fn change_pin(&self, holder: Holder, old: &[u8], new: &[u8]) -> Result<()> {
        let _lock = Lock::take(&self.folder)?;
        let mut record = self.known()?;
        self.check_length(holder, new)?;
        let key = self.try_pin(holder, record.wrapped(holder)?, old)?;
        let wrapped = Wrapped::new(&key, new, self.iterations)?;
        match holder {
            Holder::User => record.user_pin = Some(wrapped),
            Holder::SecurityOfficer => record.so_pin = wrapped,
        }
        self.write(&record)
    }

    /// The flags of `CK_TOKEN_INFO` that speak of PINs.
    pub(crate) fn pin_flags(&self, record: &Record) -> Result<CK_FLAGS> {
        let initialised = record.user_pin.as_ref().map_or(0, |_| CKF_USER_PIN_INITIALIZED);
        let user = self.tries_flags(
            Holder::User,
            [CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED],
        )?;
        let officer = self.tries_flags(
            Holder::SecurityOfficer,
            [CKF_SO_PIN_COUNT_LOW, CKF_SO_PIN_FINAL_TRY, CKF_SO_PIN_LOCKED],
        )?;
        Ok(initialised | user | officer)
    }

    fn tries_flags(&self, holder: Holder, flags: [CK_FLAGS; 3]) -> Result<CK_FLAGS> {
        let [low, last, locked] = flags;
        let (made, allowed) = (self.tally(holder).read()?, self.rule(holder).tries);
        Ok(match allowed.checked_sub(made) {
            _ if made == 0 => 0,
            _ if allowed == 0 => low,
            None | Some(0) => low | locked,
            Some(1) => low | last,
            Some(_) => low,
        })
    }

    /// Counts the try, durably, and only then tries: pulling the plug wins none.
    fn try_pin(&self, holder: Holder, wrapped: &Wrapped, pin: &[u8]) -> Result<TokenKey> {
        let tally = self.tally(holder);
        let allowed = self.rule(holder).tries;
        demand(allowed == 0 || tally.read()? < allowed, CKR_PIN_LOCKED)?;
        tally.count()?;
        let key = wrapped.open(pin)?;
        tally.reset()?;
        Ok(key)
    }

    fn check_length(&self, holder: Holder, pin: &[u8]) -> Result<()> {
        let rule = self.rule(holder);
        demand((rule.shortest..=rule.longest).contains(&pin.len()), CKR_PIN_LEN_RANGE)
    }

    fn rule(&self, holder: Holder) -> PinRule {
        match holder {
            Holder::User => self.settings.user_pin(),
            Holder::SecurityOfficer => self.settings.so_pin(),
        }
    }

    fn tally(&self, holder: Holder) -> Tally {
        Tally::new(
            &self.folder,
            match holder {
                Holder::User => "tries.user",
                Holder::SecurityOfficer => "tries.so",
            },
        )
    }

    fn known(&self) -> Result<Record> {
        self.record()?.ok_or(Refusal(CKR_TOKEN_NOT_RECOGNIZED))
    }

    fn write(&self, record: &Record) -> Result<()> {
        let text = serde_json::to_vec_pretty(record).map_err(|_| Refusal(CKR_DEVICE_ERROR))?;
        Ok(durable::replace(&self.folder, RECORD, &text)?)
    }
}

impl Record {
    fn wrapped(&self, holder: Holder) -> Result<&Wrapped> {
        match holder {
            Holder::User => self.user_pin.as_ref().ok_or(Refusal(CKR_USER_PIN_NOT_INITIALIZED)),
            Holder::SecurityOfficer => Ok(&self.so_pin),
        }
    }
}

const RECORD: &str = "token.json";
const FORMAT: u32 = 1;
