import NetworkState

extension TopologyComparison {
    /// How many rows of pairs are shown; a change of model has one for every two hosts.
    private static let pairLimit = 40

    /// For people: what is different, in the order from the whole to the single change, and the sum of it.
    package func text(isColoured: Bool = false, isVerbose: Bool = false) -> String {
        let parts = [settingLines + arrivalLines, pairLines].filter { !$0.isEmpty }
            .map { $0.map { $0 + "\n" }.joined() }
        let plans = hosts.map { host in
            host.note + PlanText(host.plan, isColoured: isColoured, isVerbose: isVerbose).text
        }
        return (parts + plans + [summary + "\n"]).joined(separator: "\n")
    }

    /// `Diff: 1 host joins, 2 hosts change, 97 do not; 4 pairs lost, 12 gained, 8 changed.`
    var summary: String {
        if isEmpty { return "No difference: \(counted(unchangedHosts, "host")) would not change." }
        let (joining, leaving, changing) = (count(HostChange.Kind.joins), count(.leaves), count(.changes))
        let hosts = [
            joining > 0 ? "\(counted(joining, "host")) \(joining == 1 ? "joins" : "join")" : nil,
            leaving > 0 ? "\(counted(leaving, "host")) \(leaving == 1 ? "leaves" : "leave")" : nil,
            "\(counted(changing, "host")) \(changing == 1 ? "changes" : "change")",
            "\(grouped(unchangedHosts)) \(unchangedHosts == 1 ? "does" : "do") not",
        ]
        let pairs = [
            "\(counted(count(PassageChange.Kind.lost), "pair")) lost", "\(grouped(count(.gained))) gained",
            "\(grouped(count(.changed))) changed",
        ]
        return "Diff: \(hosts.compactMap(\.self).joined(separator: ", ")); \(pairs.joined(separator: ", "))."
    }

    private var settingLines: [String] {
        settings.map {
            "~ \($0.name)  \($0.before.isEmpty ? "none" : $0.before) -> \($0.after.isEmpty ? "none" : $0.after)"
        }
    }

    private var arrivalLines: [String] {
        arrivals.map { "\($0.isNew ? "+" : "-") \($0.text)" }
    }

    private var pairLines: [String] {
        if pairs.isEmpty { return [] }
        let shown = pairs.prefix(Self.pairLimit)
        let ends = shown.map(\.endsText)
        let width = min(ends.map(\.count).max() ?? 0, 40)
        let lines = zip(shown, ends).map { pair, ends in
            "  \(pair.kind.symbol) \(ends)\(String(repeating: " ", count: max(width - ends.count, 0)))  \(pair.wayText)"
        }
        return ["pairs"] + lines + rest(of: pairs.dropFirst(Self.pairLimit)).map { "  \($0)" }
    }

    /// What there is no room for.
    func rest(of pairs: ArraySlice<PassageChange>) -> [String] {
        if pairs.isEmpty { return [] }
        let count = pairs.reduce(0) { $0 + $1.count }
        return ["… and \(counted(count, "more pair")): --format json has them all"]
    }
}

/// `1 host`, `1,000 hosts`
package func counted(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

extension TopologyComparison.HostChange {
    /// What to know before a plan that no apply of the new topology would make.
    fileprivate var note: String {
        switch kind {
        case .joins: "# host \(plan.host) joins\n"
        case .leaves: "# host \(plan.host) leaves: weft destroy --host \(plan.host) would do this there\n"
        case .changes: ""
        }
    }
}

extension TopologyComparison.Arrival {
    /// `containers A3, A4 on host A`
    var text: String {
        let noun = "\(kind.rawValue)\(names.count == 1 ? "" : "s")"
        return "\(noun) \(shortList(names))" + (host.map { " on host \($0)" } ?? "")
    }
}

extension PassageChange {
    /// `A1, A2 -> B1`
    var endsText: String { "\(shortList(from)) -> \(shortList(to))" }

    /// `A to B via 192.168.100.101 dev eth0 -> A to B by vxlan via 172.17.9.0 dev vxlan.calico`
    var wayText: String {
        let ways = [text(of: before), text(of: after)].filter { !$0.isEmpty }.joined(separator: " -> ")
        return ways + (family == .v6 ? " (IPv6)" : "") + (count == 1 ? "" : ", \(grouped(count)) pairs")
    }
}

extension PassageChange {
    /// One of its two sides, empty for none. The MTU is told where it is what changes.
    func text(of passage: Passage?) -> String {
        guard let passage else { return "" }
        guard let before, let after, before.mtu != after.mtu else { return passage.text }
        return passage.text + (passage.mtu.map { " mtu \($0)" } ?? ", where large packets vanish")
    }
}

extension PassageChange.Kind {
    var symbol: String {
        switch self {
        case .lost: "-"
        case .changed: "~"
        case .gained: "+"
        }
    }
}

/// `h1, h2, h3 … h100`
func shortList(_ names: [String]) -> String {
    guard names.count > 5, let last = names.last else { return names.joined(separator: ", ") }
    return names.prefix(3).joined(separator: ", ") + " … \(last)"
}
