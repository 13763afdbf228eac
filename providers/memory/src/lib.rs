//! Every provider in memory, without any security: for documents, tests and simulation.
