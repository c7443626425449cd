import NetworkState

/// The names of the host's ends of containers' links, as they follow from the names of both: `cali` and eleven digits, as
/// long as a name may be, and as Calico does it. A container's link keeps its name whatever else comes and goes.
struct DerivedLinkNames: Sendable {
    private static let prefix = "cali"

    /// Of what the names of all containers that are numbered begin with.
    private let start: StableHash

    /// - `stem`: what stands before the numbers of the host's containers.
    init(host: String, stem: String) {
        var hash = StableHash()
        hash.add("\(host)/\(stem)".utf8)
        start = hash
    }

    /// That of the container with this number, counted from 0.
    subscript(index: Int) -> LinkName { Self.name(digest(index)) }

    static func name(host: String, container: String) -> LinkName { name(stableHash("\(host)/\(container)") & mask) }

    /// Whether a name might be one of these.
    static func isDerived(_ name: LinkName) -> Bool {
        name.text.hasPrefix(prefix) && name.text.utf8.count == LinkName.maximumLength
    }

    func areDistinct(count: Int) -> Bool {
        let digests = (0..<count).map(digest).sorted()
        return zip(digests, digests.dropFirst()).allSatisfy { $0 != $1 }
    }

    private static let mask: UInt64 = 0xfff_ffff_ffff

    private func digest(_ index: Int) -> UInt64 {
        var hash = start
        hash.add(String(index + 1).utf8)
        return hash.value & Self.mask
    }

    private static func name(_ digest: UInt64) -> LinkName {
        let digits = String(digest, radix: 16)
        return LinkName(known: prefix + String(repeating: "0", count: 11 - digits.utf8.count) + digits)
    }
}
