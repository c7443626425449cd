import NetworkState

/// Reports what an encapsulation asks of hosts and underlay and does not find: addresses that outer packets can have, and
/// a way for them.
extension ValidTopology {
    func checkTunnels(_ diagnostics: inout Diagnostics) {
        guard model.isTunnel else { return }
        let ends = hosts.indices.filter { !hosts[$0].blocks.isEmpty }
        if model.encapsulation == .ipip { checkIPv4Alone(ends, &diagnostics) }
        guard ends.count > 1 else { return }
        checkNodeAddresses(ends, &diagnostics)
        if !diagnostics.hasErrors { checkWays(between: ends, &diagnostics) }
    }

    /// IPIP is IPv4 in IPv4 (RFC 2003), inside and outside.
    private func checkIPv4Alone(_ ends: [Int], _ diagnostics: inout Diagnostics) {
        for host in ends.map({ hosts[$0] }) {
            if let block = host.blocks.first(where: { $0.family == .v6 }) {
                diagnostics.report(.notByIPIP("block \(block)", of: host.node, at: host.blocksPointer))
            }
            if let address = nodeAddress(of: host), address.family == .v6 {
                diagnostics.report(.notByIPIP("address \(address)", of: host.node, at: host.pointer))
            }
        }
    }

    /// A bridge has as many ports as the kernel lets it have.
    func checkPorts(_ diagnostics: inout Diagnostics) {
        guard model.attachment == .bridged else { return }
        for host in hosts where host.containers.count > NetworkModel.bridgePortLimit {
            diagnostics.report(.tooManyPorts(host.containers.count, of: host.node, at: host.pointer))
        }
    }

    private func checkNodeAddresses(_ ends: [Int], _ diagnostics: inout Diagnostics) {
        let first = hosts[ends[0]]
        for host in ends.map({ hosts[$0] }) {
            guard let address = nodeAddress(of: host) else {
                diagnostics.report(.noNodeAddress(of: host.node, at: host.pointer))
                continue
            }
            if let other = nodeAddress(of: first), other.family != address.family {
                diagnostics.report(
                    .otherOuterFamily(address, of: host.node, at: host.pointer, other, of: first.node, first.pointer))
            }
        }
    }

    /// Hosts that are linked and routed alike stand for each other, so that a thousand of them are no million walks.
    private func checkWays(between ends: [Int], _ diagnostics: inout Diagnostics) {
        let map = underlayMap
        var lost: (from: Int, to: Int, ending: UnderlayMap.Ending)?
        var more = 0
        let alike = Dictionary(grouping: ends) { HostStanding(hosts[$0]) }
        for group in alike.values.sorted(by: { $0[0] < $1[0] }) {
            for target in ends where target != group[0] {
                guard let address = nodeAddress(of: hosts[target]) else { continue }
                let ending = map.walk(from: group[0], to: address)
                if ending == .delivered(to: target) { continue }
                if lost == nil { lost = (group[0], target, ending) } else { more += group.count }
            }
        }
        guard let lost else { return }
        diagnostics.report(.lostOnUnderlay(from: lost.from, to: lost.to, lost.ending, in: map, others: more))
    }
}

/// How a host stands in the underlay.
private struct HostStanding: Hashable {
    private let segments: [Int]
    private let routes: [IPPrefix: IPAddress]

    init(_ host: ValidTopology.Host) {
        segments = host.uplinks.map(\.segment)
        routes = Dictionary(host.routes.map { ($0.destination, $0.gateway) }) { first, _ in first }
    }
}

extension ValidTopology.Host {
    var node: Node { Node(kind: .host, name: name) }
}
