//! Applicants, compared with registers that lie in files.
//!
//! A register is a table whose columns are fields of the registration form. One of them is the key by which
//! rows are found: the SNILS, the person's INN, the OGRN or the organisation's INN. Each other column
//! says what the register has of the applicant.
//!
//! ```
//! use gost_ca_registers::FileRegister;
//! let table = "snils;surname;given_name\n116-973-386 90;Ёлкина;Анна\n";
//! let register = FileRegister::from_csv("СНИЛС, выгрузка от 01.03.2026", table.as_bytes())?;
//! assert_eq!(register.len(), 1);
//! # Ok::<(), gost_ca_registers::BadRegister>(())
//! ```
//!
//! Values are compared as people read them: without regard to case, Ё and Е, spaces and punctuation.

mod file_register;
mod same;

pub use file_register::{BadRegister, FileRegister};
