//! What the process has used, as Linux tells it.

use std::fs;

use crate::Result;

/// Processor time of all threads, in seconds.
pub(crate) fn cpu_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("/proc/self/stat")?;
    // proc(5): utime and stime are the 14th and the 15th field, in hundredths of a second
    let fields: Vec<_> = fields.split_whitespace().skip(11).take(2).collect();
    let ticks =
        fields.iter().map(|field| field.parse::<f64>()).sum::<std::result::Result<f64, _>>();
    Ok(ticks? / 100.0)
}

/// Memory in use now, in KiB.
pub(crate) fn resident_memory() -> Result<u64> {
    status("VmRSS:")
}

/// The most memory that was in use since [`forget_peak`], in KiB.
pub(crate) fn peak_memory() -> Result<u64> {
    status("VmHWM:")
}

/// Begins to watch the peak anew: what it took to make the record is not the CRL's.
pub(crate) fn forget_peak() -> Result<()> {
    Ok(fs::write("/proc/self/clear_refs", "5")?)
}

fn status(name: &str) -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix(name)).ok_or("/proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
