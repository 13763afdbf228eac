//! What the command line says.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::Result;

const HELP: &str = "\
operator-console: the operator's console and the user's cabinet

  --listen ADDRESS   where to answer; plain HTTP, so a loopback address, or one behind a proxy that speaks
                     HTTPS (then with --secure) [127.0.0.1:8080]
  --data DIR         the record, the keys of the authority and of carriers here [operator-console-data]
  --secure           HTTPS is in front: cookies are for HTTPS alone, HSTS is sent
  --no-demo          do not offer the demonstration keys
  --agent PORT       where workplace-agent listens in the computers of operators; 0: nowhere [47100]";

/// What the console is told.
#[derive(Clone, Debug)]
pub struct Arguments {
    /// Where it answers.
    pub listen: SocketAddr,
    /// Where its record is.
    pub data: PathBuf,
    /// Whether HTTPS is in front of it.
    pub secure: bool,
    /// Whether the demonstration keys are offered; on loopback alone.
    pub demo: bool,
    /// The port of the agent in the computers of those who use the console; none where it is 0.
    pub agent: u16,
    /// Iterations of PBKDF2 over passwords of containers that are made here.
    pub iterations: u32,
}

impl Arguments {
    /// The defaults, over a folder.
    pub fn over(data: impl Into<PathBuf>) -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Self {
            listen,
            data: data.into(),
            secure: false,
            demo: true,
            agent: AGENT,
            iterations: 20_000,
        }
    }

    /// Where pages call the agent: the loopback address of the computer that they are shown by.
    pub(crate) fn agent_address(&self) -> Option<String> {
        (self.agent != 0).then(|| format!("http://127.0.0.1:{}", self.agent))
    }

    /// Reads the command line; `None` where help was asked for.
    ///
    /// # Errors
    /// For what is no argument of it.
    pub fn parse() -> Result<Option<Self>> {
        let mut arguments = Self::over("operator-console-data");
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                lexopt::Arg::Long("listen") => {
                    arguments.listen = parser.value()?.to_string_lossy().parse()?;
                }
                lexopt::Arg::Long("data") => arguments.data = parser.value()?.into(),
                lexopt::Arg::Long("secure") => arguments.secure = true,
                lexopt::Arg::Long("no-demo") => arguments.demo = false,
                lexopt::Arg::Long("agent") => {
                    arguments.agent = parser.value()?.to_string_lossy().parse()?;
                }
                lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => {
                    println!("{HELP}");
                    return Ok(None);
                }
                other => return Err(other.unexpected().into()),
            }
        }
        arguments.demo &= arguments.listen.ip().is_loopback() && !arguments.secure;
        if !arguments.listen.ip().is_loopback() && !arguments.secure {
            return Err(
                "plain HTTP is for a loopback address: put HTTPS in front, and say --secure".into(),
            );
        }
        Ok(Some(arguments))
    }
}

/// As `workplace-agent` has it.
const AGENT: u16 = 47_100;
