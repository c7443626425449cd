import NetworkState

/// Two topologies' networks, read side by side: what both have alike is there once.
struct SurveyPair {
    let old: NetworkSurvey
    let new: NetworkSurvey
    /// Hosts of both that are to have something else.
    let redeclaredHosts: Set<String>
    /// Nodes that are in one of the two alone, or are not the same in both; a host with all its containers.
    let changedNodes: Set<String>

    init(from old: ValidTopology, to new: ValidTopology) {
        var reading = PairReading(from: old, to: new)
        reading.readHosts()
        reading.compareOthers()
        (redeclaredHosts, changedNodes) = (reading.redeclaredHosts, reading.changedNodes)
        self.old = NetworkSurvey(reading.old)
        self.new = NetworkSurvey(reading.new)
    }
}

extension SurveyPair {
    /// Whether nodes that have not changed do with packets among themselves what they did.
    var isConfined: Bool {
        Confinement(old.network, old.ends, to: changedNodes).holds
            && Confinement(new.network, new.ends, to: changedNodes).holds
    }
}

private struct PairReading {
    private(set) var old: SurveyReading
    private(set) var new: SurveyReading
    private(set) var redeclaredHosts: Set<String> = []
    private(set) var changedNodes: Set<String> = []
    private let places: [String: Int]

    init(from old: ValidTopology, to new: ValidTopology) {
        self.old = SurveyReading(old, besides: new.ends)
        self.new = SurveyReading(new, besides: old.ends)
        places = Dictionary(uniqueKeysWithValues: zip(old.hosts.map(\.name), old.hosts.indices))
    }

    mutating func readHosts() {
        for (index, host) in new.topology.hosts.enumerated() {
            guard let former = places[host.name] else {
                new.readHost(index, new.states(ofHost: index))
                change(host)
                continue
            }
            readBoth(former, index)
        }
        let staying = Set(new.topology.hosts.map(\.name))
        for (index, host) in old.topology.hosts.enumerated() where !staying.contains(host.name) {
            old.readHost(index, old.states(ofHost: index))
            change(host)
        }
    }

    private mutating func readBoth(_ former: Int, _ index: Int) {
        let (before, after) = (old.topology.hosts[former], new.topology.hosts[index])
        let declarations = (
            old.topology.declaration(forHost: former, isLocated: false).state,
            new.topology.declaration(forHost: index, isLocated: false).state
        )
        let isSame = declarations.0 == declarations.1
        if !isSame { redeclaredHosts.insert(after.name) }
        let reading = old.readHost(former, old.states(ofHost: former, declared: declarations.0))
        if isSame, isAlike(before, after), let reading { return new.adopt(reading, from: old) }
        new.readHost(index, new.states(ofHost: index, declared: declarations.1))
        change(before)
        change(after)
    }

    /// In what is not declared.
    private func isAlike(_ before: ValidTopology.Host, _ after: ValidTopology.Host) -> Bool {
        old.known(before.name) == new.known(after.name) && old.overlays[before.name] == new.overlays[after.name]
            && old.topology.nodeNames(of: before) == new.topology.nodeNames(of: after)
    }

    private mutating func change(_ host: ValidTopology.Host) {
        changedNodes.formUnion([host.name] + host.containers.map(\.name))
    }

    /// Routers, servers, and then switches, which hand on frames as before whoever else they are joined to.
    mutating func compareOthers() {
        compare(old.topology.machines, new.topology.machines) { _ in true }
        let changed = changedNodes
        compare(old.topology.switches, new.topology.switches) { link in
            !(link.peer?.netns.name.map(changed.contains) ?? false)
        }
    }

    /// - `isAnyones`: which links to compare.
    private mutating func compare(_ before: Set<String>, _ after: Set<String>, where isAnyones: (Link) -> Bool) {
        changedNodes.formUnion(before.symmetricDifference(after))
        for name in before.intersection(after) {
            let states = (old.known(name)?.keeping(isAnyones), new.known(name)?.keeping(isAnyones))
            if states.0 != states.1 { changedNodes.insert(name) }
        }
    }
}

extension ValidTopology {
    fileprivate var machines: Set<String> { Set(routers.map(\.name) + servers.map(\.name)) }
    fileprivate var switches: Set<String> { Set(segments.map(\.name)) }
}

extension NamespaceState {
    /// Without some links, and what is said of them.
    fileprivate func keeping(_ isKept: (Link) -> Bool) -> NamespaceState {
        let gone = Set(links.unordered.filter { !isKept($0) }.map(\.name.text))
        var rest = NamespaceState()
        for resource in resources {
            if case .link(let link) = resource, gone.contains(link.name.text) { continue }
            if case .sysctl(let sysctl) = resource, let link = sysctl.linkAndName?.link, gone.contains(String(link)) {
                continue
            }
            if !resource.devices.contains(where: { gone.contains($0.text) }) { rest.insert(resource) }
        }
        return rest
    }
}
