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
            return [try refusal(errno, at: node, question, &applier)]
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
    ) throws(ApplyError) -> Culprit {
        let (text, remedy) = try words(errno, question, &applier)
        return Culprit(
            node: node, text: "\(node) \(text) (\(question.command): \(Errno.text(errno)))", remedy: remedy, source: nil
        )
    }

    private func words(
        _ errno: Int32, _ question: RouteQuestion, _ applier: inout Applier
    ) throws(ApplyError) -> (text: String, remedy: String?) {
        switch errno {
        case Errno.hostUnreachable:
            return ("does not forward", "sysctl -w \(Sysctl.forwarding(question.destination.family))=1")
        case Errno.networkUnreachable: return ("has no route to \(question.destination)", nil)
        case Errno.permissionDenied: return ("prohibits it", nil)
        default:
            guard let incoming = question.incoming, let source = question.source else {
                return ("has a blackhole route for \(question.destination)", nil)
            }
            let back = try applier.ask(RouteQuestion(to: source), in: .own)
            guard case .route(let route)? = back, !route.devices.contains(incoming) else {
                return ("refuses what comes from \(source) by \(incoming)", nil)
            }
            let device = route.devices.first.map(\.text) ?? "nowhere"
            return (
                "drops it by rp_filter: it comes from \(source) by \(incoming), and the way back to that is by \(device)",
                "sysctl -w net.ipv4.conf.\(incoming).rp_filter=0 net.ipv4.conf.all.rp_filter=0"
            )
        }
    }
}
