//! Tables that leave the desk: CSV as Russian spreadsheets open it, and no formulas.

/// A table of text: lists, reports, the journal of carriers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new<const N: usize>(columns: [&str; N]) -> Self {
        Self { columns: columns.map(str::to_owned).into(), rows: Vec::new() }
    }

    /// Adds a row; it has as many cells as there are columns: missing ones are empty, others are dropped.
    pub fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells = cells.into_iter().chain(core::iter::repeat(String::new()));
        self.rows.push(cells.take(self.columns.len()).collect());
    }

    /// The headings.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows, each with a cell for each column.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// CSV: UTF-8 with a mark, `;` between cells, lines end with CR LF (RFC 4180 but for the `;`).
    ///
    /// A cell that a spreadsheet would take for a formula begins with an apostrophe: what an applicant typed
    /// is never computed.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut text = String::from(MARK);
        for row in core::iter::once(&self.columns).chain(&self.rows) {
            let cells: Vec<_> = row.iter().map(|text| cell(text)).collect();
            text.push_str(&cells.join(";"));
            text.push_str("\r\n");
        }
        text.into_bytes()
    }
}

fn cell(text: &str) -> String {
    // spreadsheets look past spaces
    let formula = text.trim_start().starts_with(FORMULA) || text.starts_with(['\t', '\r', '\n']);
    let harmless = if formula { format!("'{text}") } else { text.to_owned() };
    if harmless.contains([';', '"', '\r', '\n', '\t']) || harmless.trim() != harmless {
        return format!("\"{}\"", harmless.replace('"', "\"\""));
    }
    harmless
}

const MARK: char = '\u{feff}';
/// Also as East Asian keyboards type them (OWASP, CSV injection).
const FORMULA: [char; 9] = ['=', '+', '-', '@', '|', '＝', '＋', '－', '＠'];

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut table = Table::new(["a"]);
        table.push([text.to_owned()]);
        String::from_utf8(table.to_csv()).unwrap()
    }

    #[test]
    fn u12_a_table_opens_in_a_spreadsheet() {
        let mut table = Table::new(["Логин", "Имя"]);
        table.push(["petrova".to_owned(), "ООО \"Ромашка; и К\"".to_owned()]);
        table.push(["short".to_owned()]);
        let csv = String::from_utf8(table.to_csv()).unwrap();
        let right = "\u{feff}Логин;Имя\r\npetrova;\"ООО \"\"Ромашка; и К\"\"\"\r\nshort;\r\n";
        assert_eq!(csv, right);
    }

    #[test]
    fn u12_nothing_is_a_formula() {
        for text in ["=1+1", "+7 495", "-1", "@SUM(A1)", "  =1", "\t=1", "\n=1", "＝1", "|x"] {
            let csv = written(text);
            let cell = csv.strip_prefix("\u{feff}a\r\n").unwrap().trim_start_matches('"');
            assert!(cell.starts_with('\''), "{text:?}: {cell:?}");
        }
        assert_eq!(written("a=1"), "\u{feff}a\r\na=1\r\n");
        assert_eq!(written("a\nb"), "\u{feff}a\r\n\"a\nb\"\r\n");
    }
}
