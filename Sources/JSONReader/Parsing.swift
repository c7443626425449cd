package import NetworkState

/// Placeholder.
package func parse() -> JSON { .null }
