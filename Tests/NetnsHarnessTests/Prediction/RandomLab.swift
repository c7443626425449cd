import Applier
import Compiler
import Foundation
import Netlink
import NetworkState
import TestSupport

@testable import NetnsHarness

/// A random topology at work, tampered with again and again, and what its packets did.
struct RandomLab {
    /// How to make a network to predict by of what the kernels have.
    typealias Model = (ValidTopology, [String: NamespaceState]) -> Compiler.ForwardingNetwork

    struct Disagreement {
        let topology: JSON
        /// In their order.
        let tamperings: [Tampering]
        let differences: [PredictedTraffic.Difference]
    }

    let topology: JSON
    let model: Model

    /// So many pairs a look, drawn from all there are: one is as good as another.
    private static let pairs = 60

    /// Looks at it as it was declared, and after each of `rounds` in which one or two more things are tampered with.
    func run(rounds: Int, using generator: inout SeededGenerator) throws -> (compared: Int, Disagreement?) {
        var generator = generator
        var found: Disagreement?
        var compared = 0
        try with { lab in
            var done: [Tampering] = []
            var traffic = try PredictedTraffic(lab, [])
            traffic.diligence = .brisk
            var namespaces = try lab.observedNamespaces()
            for round in 0...rounds where found == nil {
                if round > 0 {
                    let drawn = (0..<Int.random(in: 1...2, using: &generator)).compactMap { _ in
                        TamperingDrawing.tampering(with: namespaces, using: &generator)
                    }
                    done += drawn.filter { tamper($0, with: lab, namespaces) }
                    namespaces = try lab.observedNamespaces()
                    try traffic.forgetNeighbours()
                }
                let differences = try look(at: lab, namespaces, &traffic)
                if !differences.isEmpty {
                    found = Disagreement(topology: topology, tamperings: done, differences: differences)
                }
            }
            compared = traffic.compared
        }
        return (compared, found)
    }

    /// Looks at it once, after all of `tamperings`, as far as there is still something to tamper with.
    func run(
        after tamperings: [Tampering], _ diligence: PredictedTraffic.Diligence = .thorough
    ) throws -> Disagreement? {
        var found: Disagreement?
        try with { lab in
            var done: [Tampering] = []
            for tampering in tamperings where tamper(tampering, with: lab, try lab.observedNamespaces()) {
                done.append(tampering)
            }
            var traffic = try PredictedTraffic(lab, [])
            traffic.diligence = diligence
            let differences = try look(at: lab, lab.observedNamespaces(), &traffic)
            if !differences.isEmpty {
                found = Disagreement(topology: topology, tamperings: done, differences: differences)
            }
        }
        return found
    }

    private func with(_ body: (Lab) throws -> Void) throws {
        try TestLab.with(SourceText(name: "random.json", text: topology.text), mayPin: false) { lab in
            try lab.stateSettings()
            try body(lab)
        }
    }

    /// False where the kernel would not have it.
    private func tamper(_ tampering: Tampering, with lab: Lab, _ namespaces: [String: NamespaceState]) -> Bool {
        guard let change = tampering.change(of: namespaces) else { return false }
        var applier = Applier(HostNamespaces(directory: lab.directory.path))
        return (try? applier.makeUnchecked([change])) != nil
    }

    private func look(
        at lab: Lab, _ namespaces: [String: NamespaceState], _ traffic: inout PredictedTraffic
    ) throws -> [PredictedTraffic.Difference] {
        let network = model(lab.topology, namespaces)
        let names = Set(lab.topology.probeNodes.map(\.name))
        // The same of the same questions, whatever was drawn before.
        var generator = SeededGenerator(seed: 1)
        // Who has no address has nothing to say that could be answered.
        let all = lab.topology.questions(among: names, in: network).filter { question in
            network.node(question.from).map { network.nodes[$0].has(question.source) } ?? false
        }
        traffic.questions = Array(all.shuffled(using: &generator).prefix(Self.pairs))
        return try traffic.differences(from: network)
    }
}

extension Lab {
    /// What the model takes for granted and new namespaces may have inherited otherwise; and what would make of two packets
    /// that are alike two ways: redirects.
    fileprivate func stateSettings() throws {
        var changes: [Change] = []
        for (node, state) in topology.plannedNamespaces {
            let links = ["all"] + state.links.sorted.map(\.name.text)
            let keys = links.flatMap { link in
                ["arp_ignore", "arp_announce", "arp_filter", "send_redirects", "secure_redirects", "accept_redirects"]
                    .map { "\(Sysctl.settings(of: link, .v4))/\($0)" }
                    + ["\(Sysctl.settings(of: link, .v6))/accept_redirects"]
            }
            // Nobody is to be told less often than something happens.
            let limits = ["net/ipv4/icmp_ratelimit", "net/ipv6/icmp/ratelimit"]
            // Where frames through a bridge are asked about like packets.
            let filters = ["iptables", "ip6tables", "arptables"].map { "net/bridge/bridge-nf-call-\($0)" }
            let known = filters.filter { FileManager.default.fileExists(atPath: "/proc/sys/\($0)") }
            changes += (keys + limits + known).map { Change(in: .named(node), from: nil, to: .sysctl(Sysctl($0, "0"))) }
        }
        var applier = Applier(HostNamespaces(directory: directory.path))
        try applier.makeUnchecked(changes)
    }
}
