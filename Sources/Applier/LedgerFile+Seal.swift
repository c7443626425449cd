import JSONReader
import Netlink
import NetworkState

/// The seal, `DIRECTORY/HOST.seal`: of the last run that found nothing to change.
extension LedgerFile {
    var sealPath: String { path(of: "seal") }

    /// By which the ledger is known again as long as nobody has written it; nil if there is none.
    var mark: String? {
        get throws(ApplyError) { try systemCalls { () throws(SystemError) in try fileMark(path) } }
    }

    /// Nil where there is none that is good for `wish`, the ledger that is there, and no run under way or cut short.
    func seal(of wish: UInt64) -> Seal? {
        guard (try? fileMark(journalPath)) == nil, let text = try? readFile(sealPath),
            let seal = (try? JSON(parsing: text)).flatMap(Seal.init(json:)), seal.wish == wish,
            let mark = try? mark, seal.ledger == mark
        else { return nil }
        return seal
    }

    /// Whoever holds the lock writes it; one that cannot be written is done without.
    func write(_ seal: Seal) { try? replaceFile(sealPath, with: seal.json.line, draft: draft(of: sealPath)) }
}
