import Applier
import Compiler
import Foundation
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// What `weft diff` says of the time while hosts change, against kernels of which one has changed.
@Suite(.namespaces)
struct RolloutWireTests {
    struct Switch: Sendable, CustomTestStringConvertible {
        let old: NetworkModel.Profile
        let new: NetworkModel.Profile

        var testDescription: String { "\(old.rawValue) to \(new.rawValue)" }

        /// Models that need no program of their own, each into each other.
        static let all: [Switch] = {
            let profiles: [NetworkModel.Profile] = [.calico, .calicoVXLAN, .flannelHostGateway, .flannelVXLAN]
            return profiles.flatMap { old in profiles.filter { $0 != old }.map { Switch(old: old, new: $0) } }
        }()
    }

    /// The lecture's two hosts, under one name whichever the model.
    private static func source(_ profile: NetworkModel.Profile) throws -> SourceText {
        let text = try TopologyFile("calico-two-hosts").text
        return SourceText(
            name: "\(profile.rawValue).json",
            text: text.replacing(#""profile": "calico""#, with: #""profile": "\#(profile.rawValue)""#))
    }

    @Test(arguments: Switch.all)
    func `pairs of a host that has changed and one that has not are cut if that is foretold`(_ change: Switch) throws {
        let (old, new) = (try Self.source(change.old), try Self.source(change.new))
        let topology = try load(new)
        try TestLab.with(old, mayPin: false) { lab in
            let comparison = TopologyComparison(from: lab.topology, old, to: topology, new)
            let index = try #require(topology.hosts.firstIndex { $0.name == "A" })
            var host = lab.managedHost("A")
            try host.converge(to: CompiledHost(topology, host: index, source: new))
            var applier = Applier(HostNamespaces(directory: lab.directory.path))
            try applier.forgetNeighbours(in: lab.nodes.map { .named($0.name) })
            #expect(try Self.unanswered(in: lab) == Self.foretold(comparison.json))
        }
    }

    /// Pairs that A cuts if it changes first.
    private static func foretold(_ comparison: JSON) -> Set<[String]> {
        let interruptions = comparison["interruptions"]?.array ?? []
        let ours = interruptions.filter { $0["first"]?.array?.contains("A") ?? false }
        return Set(
            ours.flatMap { interruption in
                (interruption["from"]?.array ?? []).flatMap { from in
                    (interruption["to"]?.array ?? []).map { [from.string ?? "", $0.string ?? ""] }
                }
            })
    }

    /// Of all pairs of containers on two hosts.
    private static func unanswered(in lab: Lab) throws -> Set<[String]> {
        let hosts = lab.topology.hosts
        let containers = hosts.flatMap { host in host.containers.map { (host: host.name, container: $0) } }
        let probes = containers.flatMap { from in
            containers.filter { $0.host != from.host }.flatMap { to in
                to.container.addresses.map {
                    Probe(from: from.container.name, to: to.container.name, address: $0, protocol: .icmp)
                }
            }
        }
        let nodes = containers.map { ProbeNode(name: $0.container.name, addresses: $0.container.addresses) }
        let namespaces = try lab.directory.hold(nodes.map(\.name))
        let outcomes = try withExtendedLifetime(namespaces) {
            try Prober(nodes: nodes, namespaces: namespaces.descriptors).run(probes)
        }
        return Set(outcomes.filter { !$0.isReachable }.map { [$0.probe.from, $0.probe.to] })
    }
}
