/// One rule of which routing table is asked about a packet: `ip rule`.
///
/// Nobody's plan has any; they are looked at where packets' ways are.
package struct PolicyRule: Hashable, Sendable {
    /// `FR_ACT_*` in linux/fib_rules.h.
    package enum Action: Hashable, Sendable {
        case lookup(table: UInt32)
        /// On to the first rule with this priority.
        case goto(UInt32)
        case nop
        case blackhole, unreachable, prohibit
    }

    /// `RT_TABLE_LOCAL`: what is the namespace's own.
    package static let localTable: UInt32 = 255
    /// `RT_TABLE_DEFAULT`, which is empty unless somebody fills it.
    package static let defaultTable: UInt32 = 253

    package let family: IPAddress.Family
    package let priority: UInt32
    package var action: Action
    /// Nil for any, as all that follow.
    package var source: IPPrefix?
    package var destination: IPPrefix?
    /// `lo` for the namespace's own packets.
    package var incoming: LinkName?
    /// That a packet has to leave by before any route is known.
    package var outgoing: LinkName?
    /// Whether it is for those that it would not match.
    package var isInverted = false
    /// A route that is no longer than this does not count: `suppress_prefixlength`.
    package var suppressedLength: UInt32?
    /// Whether it asks for something that cannot be told here, such as a mark, a port or a user.
    package var isToldInPart = false

    package init(_ family: IPAddress.Family, priority: UInt32, _ action: Action) {
        self.family = family
        self.priority = priority
        self.action = action
    }

    /// Those of a namespace that nobody has changed (`fib_default_rules_init` in net/ipv4/fib_rules.c, `fib6_rules_net_init`
    /// in net/ipv6/fib6_rules.c).
    package static func standard(_ family: IPAddress.Family) -> [PolicyRule] {
        let rules = [
            PolicyRule(family, priority: 0, .lookup(table: localTable)),
            PolicyRule(family, priority: 32_766, .lookup(table: Route.mainTable)),
        ]
        return family == .v6
            ? rules : rules + [PolicyRule(family, priority: 32_767, .lookup(table: defaultTable))]
    }
}

extension PolicyRule: CustomStringConvertible {
    /// As `ip rule` lists it: `100: from 172.17.8.2 lookup 100`.
    package var description: String {
        let words = [
            "from \(source?.destinationText ?? "all")", destination.map { "to \($0.destinationText)" },
            incoming.map { "iif \($0)" }, outgoing.map { "oif \($0)" }, text(of: action),
            suppressedLength.map { "suppress_prefixlength \($0)" },
        ]
        return "\(priority): \(isInverted ? "not " : "")" + words.compactMap(\.self).joined(separator: " ")
    }

    private func text(of action: Action) -> String {
        switch action {
        case .lookup(let table):
            "lookup \([Route.mainTable: "main", Self.localTable: "local", Self.defaultTable: "default"][table] ?? "\(table)")"
        case .goto(let priority): "goto \(priority)"
        case .nop: "nop"
        case .blackhole: "blackhole"
        case .unreachable: "unreachable"
        case .prohibit: "prohibit"
        }
    }
}
