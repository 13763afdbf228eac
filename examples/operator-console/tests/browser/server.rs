//! The console under test, in this process.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use operator_console::{Arguments, Console, router};

pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) data: PathBuf,
    _folder: tempfile::TempDir,
}

impl Server {
    pub(crate) async fn start() -> Self {
        // no agent of this computer has a part in it
        Self::start_with(|arguments| arguments.agent = 0).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Arguments)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let mut arguments = Arguments::over(&data);
        arguments.iterations = 2_000;
        change(&mut arguments);
        let console = Arc::new(Console::open(&arguments).await.unwrap());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let service = router(console).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { address, data, _folder: folder }
    }
}
