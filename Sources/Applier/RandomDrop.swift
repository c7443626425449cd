import NetworkState

/// Losing packets where the kernel has no netem: a table of nftables that drops at random what comes in by one link.
package enum RandomDrop {
    /// With the link's name behind it, a table's.
    package static let prefix = "weft-loss-"

    private static let whole = 1_000_000

    /// In the place of the one that is there, if one is.
    static func replacement(_ loss: Double, on link: LinkName) -> String {
        let share = Int((loss * Double(whole)).rounded())
        // The kernel takes no comparison that always holds.
        let condition = share < whole ? "numgen random mod \(whole) < \(share) " : ""
        return """
            \(removal(on: link))
            table netdev \(prefix)\(link) {
                chain loss {
                    type filter hook ingress device "\(link)" priority 0;
                    \(condition)drop
                }
            }
            """
    }

    /// Whether or not one is there.
    static func removal(on link: LinkName) -> String {
        "add table netdev \(prefix)\(link)\ndelete table netdev \(prefix)\(link)"
    }

    /// The links that `list tables netdev` tells of.
    static func links(in listing: String) -> [LinkName] {
        listing.split(separator: "\n").compactMap { line in
            line.firstRange(of: prefix).flatMap { LinkName(line[$0.upperBound...]) }
        }
    }

    static func listing(of link: LinkName) -> String { "list table netdev \(prefix)\(link)" }

    /// The part that is lost, as a table's listing says.
    static func loss(in listing: String) -> Double? {
        guard let start = listing.firstRange(of: "mod \(whole) < ") else { return listing.contains("drop") ? 1 : nil }
        return Double(listing[start.upperBound...].prefix(while: \.isNumber)).map { $0 / Double(whole) }
    }
}
