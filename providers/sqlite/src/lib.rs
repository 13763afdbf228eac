//! Journal, documents and user directory on the embedded SQLite.
