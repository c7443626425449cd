import ArgumentParser
import Compiler

/// Exits with 64 if `name` is none of `known`, and says what it may have been meant to be.
///
/// - `complaint`: what is wrong then, `lab 'demo' has no node 'A9'`.
func checkName(_ name: String, among known: [String], _ complaint: String) throws {
    if known.contains(name) { return }
    let listed = known.prefix(12).joined(separator: ", ") + (known.count > 12 ? ", …" : "")
    Terminal.note("\(complaint): \(didYouMean(name, among: known) ?? "it has \(listed)")")
    throw ExitCode(64)
}
