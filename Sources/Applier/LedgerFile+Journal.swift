import JSONReader
package import Netlink
import NetworkState

/// The journal, `DIRECTORY/HOST.journal`: there from before the first change of an apply until all is well again.
extension LedgerFile {
    /// The hosts with a journal in `directory`.
    package static func journals(in directory: String) throws(SystemError) -> [String] {
        try listDirectory(directory).filter { $0.hasSuffix(".journal") }.map { String($0.dropLast(".journal".count)) }
    }

    package var journalPath: String { path(of: "journal") }

    /// The last apply that has not come to its end, or that waits for somebody to confirm it; nil if there is none.
    package func journal() throws(ApplyError) -> Checkpoint? {
        guard let text = try text(in: journalPath) else { return nil }
        do throws(JSONSyntaxError) {
            if let checkpoint = Checkpoint(json: try JSON(parsing: text)) { return checkpoint }
        } catch { throw .corruptJournal(path: journalPath, reason: error.message) }
        throw .corruptJournal(
            path: journalPath, reason: "it is not of version \(Checkpoint.version), or parts of it are missing")
    }

    /// Puts `checkpoint` in the place of what is there, whole or not at all; nil leaves no file.
    func write(journal checkpoint: Checkpoint?) throws(ApplyError) {
        try systemCalls { () throws(SystemError) in
            if let checkpoint {
                try createDirectories(directory)
                try replaceFile(journalPath, with: checkpoint.text, draft: draft(of: journalPath))
            } else {
                try removeFile(journalPath)
            }
        }
    }
}
