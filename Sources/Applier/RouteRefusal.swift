import Netlink
package import NetworkState

/// Why a kernel would not pass a packet on. What it answers itself stands for several reasons at once.
package enum RouteRefusal: Hashable, Sendable {
    /// By a route that leads nowhere, of one of the kinds blackhole, unreachable and prohibit; nil where none is found
    /// in the tables that are looked at.
    case leadsNowhere(Route.Kind, by: Route?)
    case noRoute
    /// What came in is for others, and the namespace is no router.
    case notForwarding
    /// The namespace has the sender's address itself, and takes the packet for forged (a martian source).
    case sourceIsOwn
    /// rp_filter: what goes back to the sender would leave by another link; nil where it would by none.
    case reversePath(by: LinkName?)
    /// Anything else, by its errno.
    case other(Int32)
}

extension Applier {
    /// Why `question` was answered with a refusal of `errno`; nil where the namespace or link has gone since.
    ///
    /// `EINVAL` means a blackhole, or a packet that should not have come in by that link; `EHOSTUNREACH` an unreachable
    /// route, or that nothing is forwarded here (`ip_route_input_slow` in net/ipv4/route.c). Asked for a packet of its own
    /// to the same destination, the kernel answers for the route alone.
    package mutating func refusal(
        _ errno: Int32, of question: RouteQuestion, in netns: Netns
    ) throws(ApplyError) -> RouteRefusal? {
        guard question.incoming != nil else { return try refusal(ofOwn: errno, question, in: netns) }
        let own = RouteQuestion(to: question.destination)
        if case .refused(errno)? = try ask(own, in: netns) { return try refusal(ofOwn: errno, own, in: netns) }
        switch errno {
        case Errno.hostUnreachable: return .notForwarding
        case Errno.networkUnreachable: return .noRoute
        case Errno.invalidArgument, Errno.crossDeviceLink: return try refusalOfSource(errno, question, in: netns)
        default: return .other(errno)
        }
    }

    private mutating func refusal(
        ofOwn errno: Int32, _ question: RouteQuestion, in netns: Netns
    ) throws(ApplyError) -> RouteRefusal? {
        switch errno {
        case Errno.invalidArgument: try nowhere(.blackhole, question, in: netns)
        case Errno.hostUnreachable: try nowhere(.unreachable, question, in: netns)
        case Errno.permissionDenied: try nowhere(.prohibit, question, in: netns)
        case Errno.networkUnreachable: .noRoute
        default: .other(errno)
        }
    }

    private mutating func nowhere(
        _ kind: Route.Kind, _ question: RouteQuestion, in netns: Netns
    ) throws(ApplyError) -> RouteRefusal {
        let routes = try observe(HostState([netns: NamespaceState()])).namespaces[netns]?.routes.sorted ?? []
        let fitting = routes.filter { $0.kind == kind && $0.destination.contains(question.destination) }
        return .leadsNowhere(kind, by: fitting.max { $0.destination.length < $1.destination.length })
    }

    private mutating func refusalOfSource(
        _ errno: Int32, _ question: RouteQuestion, in netns: Netns
    ) throws(ApplyError) -> RouteRefusal? {
        guard let source = question.source, let incoming = question.incoming else { return .other(errno) }
        switch try ask(RouteQuestion(to: source), in: netns) {
        case .delivered?: return .sourceIsOwn
        case .route(let route)?:
            return route.devices.contains(incoming) ? .other(errno) : .reversePath(by: route.devices.first)
        case .refused?: return .reversePath(by: nil)
        case nil: return nil
        }
    }
}
