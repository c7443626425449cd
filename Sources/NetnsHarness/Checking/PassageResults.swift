import Compiler
import NetworkState

/// What has come of looking at many passages: their checks, in the passages' order whichever was looked at how often, and
/// what was seen.
struct PassageResults {
    private(set) var sights = Packed<SeenEnds>()
    private var list: Packed<Check>
    /// Of which passage each check is, after those that are of none.
    private var places: [UInt32] = []
    private let others: Int
    private var isInOrder = true

    /// - `others`: checks that come before those of the passages.
    init(_ others: Packed<Check>) {
        list = others
        self.others = others.count
    }

    mutating func note(_ checks: [Check], _ sight: Sight, _ passage: CheckList.Passage, at index: Int) {
        sights.append(SeenEnds(from: passage.from, to: passage.to, address: passage.address, sight: sight))
        for check in checks {
            if let last = places.last, last > index { isInOrder = false }
            list.append(check)
            places.append(UInt32(index))
        }
    }

    var checks: Packed<Check> {
        if isInOrder { return list }
        let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        var checks = list.part(0..<others)
        for place in order { checks.append(list[others + place]) }
        return checks
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
