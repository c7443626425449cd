import Compiler
import NetworkState

/// What has come of looking at many passages: their checks, in the passages' order whichever was looked at how often, and
/// what was seen.
struct PassageResults {
    private(set) var sights = Packed<SeenEnds>()
    /// Of those that were noted in order, after those that are of none.
    private var list: Packed<Check>
    private var late: [Int: Late] = [:]

    /// Of a passage that has to be looked at again.
    private struct Late {
        /// How many in the list come before.
        let place: Int
        var checks: [Check] = []
    }

    /// - `others`: checks that come before those of the passages.
    init(_ others: Packed<Check>) { list = others }

    /// Leaves room for the checks of a passage that are noted later.
    mutating func postpone(_ index: Int) {
        if late[index] == nil { late[index] = Late(place: list.count) }
    }

    /// In the passages' order, but for those that were postponed.
    mutating func note(_ checks: [Check], _ sight: Sight, _ passage: CheckList.Passage, at index: Int) {
        sights.append(SeenEnds(from: passage.from, to: passage.to, address: passage.address, sight: sight))
        if late[index] == nil { list += checks } else { late[index]?.checks = checks }
    }

    var checks: Packed<Check> {
        if late.isEmpty { return list }
        return list.inserting(late.sorted { $0.key < $1.key }.map { ($1.place, $1.checks) })
    }
}

/// What was seen of an echo request between two ends.
struct SeenEnds: Packable {
    let from: String
    let to: String
    let address: IPAddress
    let sight: Sight

    var parts: Parts<ProbeOutcome.SightRest> {
        Parts(from: from, target: .init(name: to, address: address), rest: .init(sight, from: from, to: to))
    }

    init(from: String, to: String, address: IPAddress, sight: Sight) {
        self.from = from
        self.to = to
        self.address = address
        self.sight = sight
    }

    init(_ parts: Parts<ProbeOutcome.SightRest>) {
        guard let to = parts.target.name, let address = parts.target.address else {
            preconditionFailure("an echo to nobody")
        }
        self.init(
            from: parts.from, to: to, address: address, sight: parts.rest.sight(from: parts.from, to: to))
    }
}
