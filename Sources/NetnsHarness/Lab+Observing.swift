package import Applier
package import Compiler
import Netlink
package import NetworkState

extension Lab {
    /// Every namespace as it is at present, by its node's name, with everybody's tables of nftables and rules of routing.
    package func observedNamespaces() throws(ApplyError) -> [String: NamespaceState] {
        let planned = topology.plannedNamespaces
        let files = labNames
        let (switches, house) = (switchLinks, Netns.switches.name ?? "")
        let machines = planned.keys.filter { !switches.segments.contains($0) }
        let places = Dictionary(uniqueKeysWithValues: (machines + [house]).map { ($0, Netns.named(files[$0] ?? $0)) })
        let observed = try LiveNamespaces(
            HostNamespaces(directory: directory.path), places: places, planned: planned.putting(switches, into: house)
        ).observe()
        return observed.taking(apart: house, by: switches)
    }

    /// What containers that somebody else has made are called in the lab's directory.
    private var labNames: [String: String] {
        let containers = topology.hosts.flatMap(\.containers).filter(\.netns.isFile)
        return Dictionary(
            uniqueKeysWithValues: containers.map {
                ($0.name, HostNamespaces.labName(ofFile: $0.netns.name ?? ""))
            })
    }
}

extension [String: NamespaceState] {
    /// The same, with all switches in the one namespace that they are in.
    fileprivate func putting(_ switches: SwitchLinks, into house: String) -> [String: NamespaceState] {
        let names = [Netns: String](uniqueKeysWithValues: switches.segments.map { (Netns.named($0), house) })
        var whole = NamespaceState()
        for link in switches.links { whole.links.insert(link.naming(peersBy: names)) }
        var states = merging([house: whole]) { $1 }
        for (name, state) in self {
            for link in state.links.unordered where link.peer != nil {
                states[name]?.links.insert(link.naming(peersBy: names))
            }
        }
        return states
    }

    /// The same, with each switch by itself instead of the one namespace that they are in.
    fileprivate func taking(apart house: String, by switches: SwitchLinks) -> [String: NamespaceState] {
        var states = self
        guard let whole = states.removeValue(forKey: house) else { return self }
        for (name, state) in states {
            for link in state.links.unordered where link.peer?.netns == .switches {
                states[name]?.links.insert(switches.naming(peerOf: link))
            }
        }
        return states.merging(switches.parts(of: whole)) { $1 }
    }
}

extension ValidTopology {
    /// The same of one host and its containers, with everything else as planned.
    package func observedNamespaces(
        ofHost index: Int, in namespaces: HostNamespaces
    ) throws(ApplyError) -> [String: NamespaceState] {
        let planned = plannedNamespaces
        let places = Dictionary(uniqueKeysWithValues: nodeNames(of: hosts[index]).map { ($1, $0) })
        var observed = try LiveNamespaces(namespaces, places: places, planned: planned).observe()
        let name = hosts[index].name
        for uplink in uplinks(ofHost: index, in: planned) { observed[name]?.plug(uplink) }
        return planned.merging(observed) { $1 }
    }

    /// Everything as planned, where a host is a machine: which link-layer addresses the links have that it came with is none
    /// of weft's business.
    package func plannedNamespaces(aroundHost index: Int) -> [String: NamespaceState] {
        var planned = plannedNamespaces
        for uplink in uplinks(ofHost: index, in: planned) {
            planned[hosts[index].name]?.links.insert(Link(name: uplink.name, mtu: uplink.mtu, isUp: uplink.isUp))
        }
        return planned
    }

    /// A host's links to segments.
    private func uplinks(ofHost index: Int, in planned: [String: NamespaceState]) -> [Link] {
        let own = Set(nodeNames(of: hosts[index]).values)
        guard let links = planned[hosts[index].name]?.links else { return [] }
        return links.unordered.filter { link in link.peer?.netns.name.map { !own.contains($0) } ?? false }
    }
}

extension NamespaceState {
    /// Has the link called like `uplink`, whatever it is plugged into, plugged into the segment that it should be.
    fileprivate mutating func plug(_ uplink: Link) {
        guard var link = links[uplink.name] else { return }
        link.kind = uplink.kind
        links.insert(link)
    }
}
