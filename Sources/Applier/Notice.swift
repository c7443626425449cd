/// What whoever runs an apply should know of, although it is no failure.
package enum Notice: Hashable, Sendable {
    /// The run before this one died before its end.
    case cutShort(Checkpoint)
    /// There is a ledger and nobody can tell what it says; it stays where it is.
    case ledgerUnreadable(path: String, reason: String)
    /// The same, and it has another name now.
    case ledgerSetAside(path: String, reason: String, to: String)
    /// There is no ledger, and yet something of ours.
    case ledgerLost(path: String)
}

extension Notice: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cutShort(let checkpoint):
            "the last apply to host \(checkpoint.host), that of \(checkpoint.holder), was cut short"
                + (checkpoint.isMade ? "" : ": what it left half done is put right now")
        case .ledgerUnreadable(let path, let reason): "\(path) is not a ledger: \(reason)"
        case .ledgerSetAside(let path, let reason, let place):
            "\(path) is not a ledger: \(reason): kept as \(place)"
        case .ledgerLost(let path):
            "something of weft's is here that no ledger tells of (\(path)): going by marks. What stood here before "
                + "weft's first apply is not known any more"
        }
    }
}
