import Applier
import Compiler
import Netlink
import NetworkState

/// What the kernels on a packet's way would do with it, node by node, and what of that the topology did not plan.
struct KernelOpinion {
    private let lab: Lab

    init(_ lab: Lab) { self.lab = lab }

    /// - `incoming`: the link by which the node gets it; nil for one that it sends itself.
    func culprits(
        at node: String, from source: IPAddress, to destination: IPAddress, incoming: LinkName?
    ) throws(ApplyError) -> [Culprit] {
        var applier = Applier(HostNamespaces(own: .named(node), directory: lab.directory.path))
        let question = RouteQuestion(
            to: destination, from: incoming == nil ? nil : source, incoming: incoming)
        switch try applier.ask(question, in: .own) {
        case nil, .delivered?: return []
        case .route(let route)?: return foreign(route, at: node, for: destination)
        case .refused(let errno)?:
            return try refusal(errno, at: node, question, &applier).map { [$0] } ?? []
        }
    }

    /// A route that decides, and is none of the topology's nor of the kernel's own.
    private func foreign(_ route: Route, at node: String, for destination: IPAddress) -> [Culprit] {
        guard route.protocol != .kernel, !isDeclared(route, at: node) else { return [] }
        let words = Resource.route(route).words
        return [
            Culprit(
                node: node,
                text: "route \(node)/\(route.destination) is not weft's, and leads \(destination) away: \(words)",
                remedy: Change(in: .own, from: .route(route), to: nil).commands.joined(separator: "; "), source: nil)
        ]
    }

    /// Wherever it leads: one that leads elsewhere than it should is told by the plan.
    private func isDeclared(_ route: Route, at node: String) -> Bool {
        let underlay = lab.topology.underlayDeclaration().state
        if underlay.namespaces[.named(node)]?.routes[route.identity] != nil { return true }
        let index = lab.topology.hosts.firstIndex { host in
            host.name == node || host.containers.contains { $0.name == node }
        }
        guard let index else { return false }
        let state = CompiledHost(lab.topology, host: index, source: nil).declaration.state
        let netns: Netns = lab.topology.hosts[index].name == node ? .own : .named(node)
        return state.namespaces[netns]?.routes[route.identity] != nil
    }

    private func refusal(
        _ errno: Int32, at node: String, _ question: RouteQuestion, _ applier: inout Applier
    ) throws(ApplyError) -> Culprit? {
        guard let refusal = try applier.refusal(errno, of: question, in: .own) else { return nil }
        let (text, remedy) = words(refusal, at: node, question)
        return Culprit(
            node: node, text: "\(node) \(text) (\(question.command): \(Errno.text(errno)))", remedy: remedy, source: nil
        )
    }

    private func words(
        _ refusal: RouteRefusal, at node: String, _ question: RouteQuestion
    ) -> (text: String, remedy: String?) {
        let (destination, source) = (question.destination, question.source.map { "\($0)" } ?? "anywhere")
        let incoming = question.incoming?.text ?? "any link"
        switch refusal {
        case .leadsNowhere(let kind, let route): return words(kind, route, at: node, destination)
        case .noRoute: return ("has no route to \(destination)", nil)
        case .notForwarding: return ("does not forward", "sysctl -w \(Sysctl.forwarding(destination.family))=1")
        case .sourceIsOwn:
            return ("has \(source) itself, and drops what comes from there by \(incoming) as forged", nil)
        case .reversePath(let device):
            return (
                "drops it by rp_filter: it comes from \(source) by \(incoming), and the way back to that is by "
                    + (device?.text ?? "nowhere"),
                "sysctl -w net.ipv4.conf.\(incoming).rp_filter=0 net.ipv4.conf.all.rp_filter=0"
            )
        case .other: return ("refuses what comes from \(source) by \(incoming)", nil)
        }
    }

    /// What becomes of a packet tells the kinds apart: a blackhole is silent, the others say so.
    private func words(
        _ kind: Route.Kind, _ route: Route?, at node: String, _ destination: IPAddress
    ) -> (text: String, remedy: String?) {
        let act =
            switch kind {
            case .unreachable: "calls it unreachable by an unreachable route"
            case .prohibit: "prohibits it by a prohibit route"
            default: "drops it without a word by a blackhole route"
            }
        guard let route else { return ("\(act) for \(destination)", nil) }
        // What the topology has there itself is as it should be, and what should lead on is missing.
        if isDeclared(route, at: node) { return ("\(act) for \(route.destination), and has none that leads on", nil) }
        return (
            "\(act) that is not weft's, for \(route.destination)",
            Change(in: .own, from: .route(route), to: nil).commands.joined(separator: "; ")
        )
    }
}
