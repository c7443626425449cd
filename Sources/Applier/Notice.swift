/// What whoever runs an apply should know of, although it is no failure.
package enum Notice: Hashable, Sendable {
    /// The run before this one died before its end.
    case cutShort(Checkpoint)
}

extension Notice: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cutShort(let checkpoint):
            "the last apply to host \(checkpoint.host), that of \(checkpoint.holder), was cut short"
                + (checkpoint.isMade ? "" : ": what it left half done is put right now")
        }
    }
}
