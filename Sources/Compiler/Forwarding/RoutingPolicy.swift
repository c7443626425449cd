import NetworkState

/// Which of a namespace's routing tables decide, for one family: the kernel's own rules unless somebody has made others.
struct RoutingPolicy: Sendable {
    /// What is known of a packet before its route is.
    struct Subject {
        let destination: IPAddress
        /// Nil where it is yet to be chosen.
        var source: IPAddress?
        /// Nil for the node's own.
        var incoming: LinkName?
        /// That it has to leave by.
        var device: LinkName?
    }

    private let rules: [PolicyRule]
    private let tables: [UInt32: RoutingTable]

    /// Nil where the kernel's own rules are all there are: then the main table decides.
    init?(_ rules: [PolicyRule], _ family: IPAddress.Family, _ routes: some Sequence<Route>) {
        let own = rules.filter { $0.family == family }
        if own.isEmpty || own == PolicyRule.standard(family) { return nil }
        self.rules = own
        let relevant = routes.filter { $0.destination.family == family }
        tables = Dictionary(grouping: relevant, by: \.table).mapValues { RoutingTable($0) }
    }

    /// By rules in their order, the first route of a table that is not passed over, or the rule that ends it
    /// (`fib_rules_lookup` in net/core/fib_rules.c). A `throw` route goes on to the next rule.
    func decision(
        of subject: Subject, where isUsable: (Route) -> Bool
    ) -> (route: Route?, rule: PolicyRule)? {
        var place = 0
        while place < rules.count {
            let rule = rules[place]
            place += 1
            guard rule.matches(subject) else { continue }
            switch rule.action {
            case .lookup(let table):
                guard let route = tables[table]?.match(subject.destination, where: isUsable), route.kind != .throw,
                    route.destination.length > (rule.suppressedLength.map(Int.init) ?? -1)
                else { continue }
                return (route, rule)
            // Never back: the kernel refuses such a rule.
            case .goto(let priority):
                place = rules[place...].firstIndex { $0.priority == priority } ?? place
            case .nop: continue
            case .blackhole, .unreachable, .prohibit: return (nil, rule)
            }
        }
        return nil
    }
}

extension PolicyRule {
    /// `fib_rule_match` in net/core/fib_rules.c. The namespace's own packets come in by its loopback link. What cannot be told
    /// matches nothing: a mark, a port.
    fileprivate func matches(_ subject: RoutingPolicy.Subject) -> Bool {
        if isToldInPart { return false }
        let isMatch =
            (source.map { prefix in subject.source.map(prefix.contains) ?? false } ?? true)
            && (destination?.contains(subject.destination) ?? true)
            && (incoming.map { $0 == subject.incoming ?? .loopback } ?? true)
            && (outgoing.map { $0 == subject.device } ?? true)
        return isMatch != isInverted
    }

    /// What becomes of a packet that a rule ends, as if by a route of that kind.
    var endingKind: Route.Kind? {
        switch action {
        case .blackhole: .blackhole
        case .unreachable: .unreachable
        case .prohibit: .prohibit
        case .lookup, .goto, .nop: nil
        }
    }
}
