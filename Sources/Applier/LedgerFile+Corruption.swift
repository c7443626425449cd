import Netlink
package import NetworkState

/// A ledger that cannot be understood is as good as lost, and kept for whoever wants to look into it.
extension LedgerFile {
    /// As ``read()``, but what is no ledger counts as none. Changes nothing.
    package func readIfSound(_ report: (Notice) -> Void) throws(ApplyError) -> Ledger? {
        try readIfSound { (reason) throws(ApplyError) in report(.ledgerUnreadable(path: path, reason: reason)) }
    }

    /// The same for a run that is about to write a ledger: what is none is given another name first, or stops it.
    func readOrSetAside(_ report: (Notice) -> Void) throws(ApplyError) -> Ledger? {
        if isNeeded { return try read() }
        return try readIfSound { (reason) throws(ApplyError) in
            let place = try setAside()
            report(.ledgerSetAside(path: path, reason: reason, to: place))
        }
    }

    private func readIfSound(
        otherwise: (_ reason: String) throws(ApplyError) -> Void
    ) throws(ApplyError) -> Ledger? {
        do throws(ApplyError) {
            return try read()
        } catch {
            guard case .corruptLedger(_, let reason) = error else { throw error }
            try otherwise(reason)
            return nil
        }
    }

    /// Gives the file the first free name of `HOST.json.corrupt-1`, `-2` and so on, and returns it.
    private func setAside() throws(ApplyError) -> String {
        try systemCalls { () throws(SystemError) in
            let taken = Set(try listDirectory(directory).map { "\(directory)/\($0)" })
            var number = 1
            while taken.contains("\(path).corrupt-\(number)") { number += 1 }
            let place = "\(path).corrupt-\(number)"
            try moveFile(path, to: place)
            return place
        }
    }
}
