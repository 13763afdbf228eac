//! Starts the console.
//!
//! ```text
//! cargo run --release -p operator-console -- [--listen 127.0.0.1:8080] [--data DIR]
//! ```

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use operator_console::{Arguments, Console, router};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("operator-console: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> operator_console::Result<()> {
    let Some(arguments) = Arguments::parse()? else { return Ok(()) };
    let listener = tokio::net::TcpListener::bind(arguments.listen).await?;
    let address = listener.local_addr()?;
    let console = Arc::new(Console::open(&arguments).await?);
    println!("http://{address}/  (данные: {})", arguments.data.display());
    println!("{}", console.greeting());
    let sweeper = tokio::spawn(Console::sweep_for_ever(Arc::clone(&console)));
    let service = router(console).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service)
        .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
        .await;
    sweeper.abort();
    Ok(served?)
}
