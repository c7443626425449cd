import Compiler
import Netlink
import NetworkState

/// Opening what probes leave from and arrive at.
extension ProbeRun {
    /// Opens what the probes need, and no more, in one pass over the namespaces.
    mutating func openStations(with opener: SocketOpener) throws(SystemError) {
        // Those with a port of their own come first, before the kernel may choose it for another.
        let requests = neededSockets.sorted { ($0.namespace, $1.port) < ($1.namespace, $0.port) }
        let sockets = try opener.open(requests)
        for (request, socket) in zip(requests, sockets) {
            let role = install(socket, at: request.namespace, isChosen: request.port == 0)
            let token = endpoints.insert(Endpoint(socket: socket, role: role))
            try poller.watch(socket, as: token, for: .reading)
        }
    }

    private var neededSockets: Set<SocketOpener.Request> {
        var requests: Set<SocketOpener.Request> = []
        for index in share {
            let family: SocketAddress.Family = probes.address(at: index).family == .v4 ? .v4 : .v6
            let (source, target) = (sources[index], targets[index])
            let port = probes.port(at: index)?.containerPort ?? 0
            switch probes.protocol(at: index) {
            case .icmp:
                requests.insert(.init(namespace: source, kind: .echo, family: family))
            case .udp:
                requests.insert(.init(namespace: source, kind: .client, family: family))
                requests.insert(.init(namespace: target, kind: .responder, family: family, port: port))
            case .tcp:
                requests.insert(.init(namespace: target, kind: .listener, family: family, port: port))
            }
        }
        return requests
    }

    /// - `isChosen`: whether the kernel chose its port, which then has to be known.
    private mutating func install(_ socket: ProbeSocket, at node: Int, isChosen: Bool) -> Endpoint.Role {
        let station = station(node, socket.family == .v4 ? .v4 : .v6)
        switch socket.kind {
        case .echo:
            stations[station].echo = socket
            return .echo(node)
        case .client:
            stations[station].client = socket
            return .client(node)
        case .responder:
            if isChosen { stations[station].responderPort = socket.localPort }
            return .responder(node)
        case .listener:
            if isChosen {
                stations[station].listener = socket
                stations[station].listenerPort = socket.localPort
            }
            return .listener(node)
        case .connection:
            preconditionFailure("a connection belongs to a probe, not to a node")
        }
    }

    /// Does what a socket has something for.
    mutating func read(_ event: Poller.Event) throws(SystemError) {
        guard let endpoint = endpoints[event.token] else { return }
        switch endpoint.role {
        case .echo(let node):
            if event.hasError { readErrors(endpoint.socket, of: node) }
            if event.isReadable { readEchoReplies(endpoint.socket, of: node) }
        case .client(let node):
            if event.hasError { readErrors(endpoint.socket, of: node) }
            if event.isReadable { readAnswers(endpoint.socket, of: node) }
        case .responder(let node):
            answerQuestions(endpoint.socket, of: node)
        case .listener(let node):
            try acceptConnections(endpoint.socket, of: node)
        case .outgoing(let probe, let hasAsked):
            try advance(event, endpoint, of: probe, hasAsked: hasAsked)
        case .incoming(let node, let peer):
            serve(event.token, endpoint, of: node, to: peer)
        }
    }
}
