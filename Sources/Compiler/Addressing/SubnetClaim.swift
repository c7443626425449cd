import NetworkState

/// A subnet and who says it is theirs.
struct SubnetClaim {
    let subnet: IPPrefix
    let owner: Node
    let pointer: JSONPointer

    /// `the one of host 'A'`, for a sentence about `claim`.
    func possessive(besides claim: SubnetClaim) -> String {
        owner == claim.owner ? "another of \(owner)" : "the one of \(owner)"
    }

    /// Ranges that are no one's to give (RFC 6890, RFC 3879), and what for.
    private static let reserved: [(IPPrefix, String)] = [
        ("0.0.0.0/8", "this network's own"), ("127.0.0.0/8", "for loopback"),
        ("169.254.0.0/16", "for link-local addresses, such as the containers' gateway"),
        ("224.0.0.0/4", "for multicast"),
        ("255.255.255.255/32", "for broadcast"), ("::1/128", "for loopback"),
        ("::ffff:0.0.0.0/96", "for IPv4 addresses"), ("fe80::/10", "for link-local addresses"),
        ("fec0::/10", "no longer in use"), ("ff00::/8", "for multicast"),
    ].compactMap { text, purpose in IPPrefix(parsing: text).map { ($0, purpose) } }

    /// Reports each of `claims` that overlaps a reserved range, or one before it.
    ///
    /// Two subnets overlap only if one holds the other, so in the order of their addresses, larger ones first, the
    /// subnets around any one form a stack: a sort instead of a comparison of all pairs.
    static func check(
        _ claims: [SubnetClaim], mayOverlap: (SubnetClaim, SubnetClaim) -> Bool, _ diagnostics: inout Diagnostics
    ) {
        for claim in claims {
            if let (prefix, purpose) = reserved.first(where: { $0.0.overlaps(claim.subnet) }) {
                diagnostics.report(.reserved(claim, prefix, for: purpose))
            }
        }
        var around: [Int] = []
        let order = claims.indices.sorted { (claims[$0].subnet, $0) < (claims[$1].subnet, $1) }
        for index in order {
            let claim = claims[index]
            while let outer = around.last, !claims[outer].subnet.overlaps(claim.subnet) { around.removeLast() }
            // One conflict is enough to say about one subnet: the closest around it that may not be there.
            if let outer = around.last(where: { !mayOverlap(claims[$0], claim) }) {
                let (first, second) = (min(index, outer), max(index, outer))
                diagnostics.report(.overlap(claims[second], with: claims[first]))
            }
            around.append(index)
        }
    }
}
