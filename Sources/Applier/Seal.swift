import NetworkState

/// That a host needed no change: what was wanted and looked at then. As long as all of that is the same, it needs none, and
/// nobody has to read a topology and a ledger to know.
///
/// Planning is pure, so what it came to once it comes to again. Whatever may have changed counts as changed.
package struct Seal: Hashable, Sendable {
    private static let version: Int64 = 3

    /// A hash of the program, and of all that it was given.
    let wish: UInt64
    /// By which to know the ledger again, without reading it.
    let ledger: String
    /// Where to look.
    let interest: HostState
    /// A hash of what was there.
    let observed: UInt64
    /// How many resources were as declared.
    package let unchanged: Int

    var json: JSON {
        .object([
            "version": .integer(Self.version), "wish": .string(String(wish, radix: 16)), "ledger": .string(ledger),
            "interest": interest.json, "observed": .string(String(observed, radix: 16)),
            "unchanged": .integer(Int64(unchanged)),
        ])
    }
}

extension Seal {
    /// Nil if `json` is not what ``json`` writes.
    init?(json: JSON) {
        guard json["version"]?.integer == Self.version,
            let wish = json["wish"]?.string.flatMap({ UInt64($0, radix: 16) }),
            let ledger = json["ledger"]?.string, let interest = json["interest"].flatMap(HostState.init(json:)),
            let observed = json["observed"]?.string.flatMap({ UInt64($0, radix: 16) }),
            let unchanged = json["unchanged"]?.integer
        else { return nil }
        self.init(
            wish: wish, ledger: ledger, interest: interest, observed: observed, unchanged: Int(unchanged))
    }
}
