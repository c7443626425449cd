/// A port of a host that leads to one of a container: `8080:80`, `53:5353/udp`.
package struct PublishedPort: Hashable, Sendable {
    package enum Transport: String, CaseIterable, Sendable {
        case tcp, udp
    }

    package let hostPort: UInt16
    package let containerPort: UInt16
    package let transport: Transport

    package init(hostPort: UInt16, containerPort: UInt16, transport: Transport = .tcp) {
        self.hostPort = hostPort
        self.containerPort = containerPort
        self.transport = transport
    }

    /// Reads `HOSTPORT:CONTAINERPORT`, with `/tcp` or `/udp` behind it; nil for anything else.
    package init?(parsing text: String) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        let ports = halves[0].split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count <= 2, ports.count == 2, let hostPort = Self.port(ports[0]),
            let containerPort = Self.port(ports[1]),
            let transport = halves.count == 1 ? .tcp : Transport(rawValue: String(halves[1]))
        else { return nil }
        self.init(hostPort: hostPort, containerPort: containerPort, transport: transport)
    }

    /// From 1 to 65535, in digits alone.
    private static func port(_ text: Substring) -> UInt16? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(text), port > 0
        else { return nil }
        return port
    }

    /// `8080/tcp`: what no two containers of a host can both have.
    package var hostSide: String { "\(hostPort)/\(transport.rawValue)" }
}

extension PublishedPort: CustomStringConvertible {
    package var description: String {
        "\(hostPort):\(containerPort)" + (transport == .tcp ? "" : "/\(transport.rawValue)")
    }
}

extension PublishedPort: Comparable {
    package static func < (left: PublishedPort, right: PublishedPort) -> Bool {
        (left.transport.rawValue, left.hostPort, left.containerPort)
            < (right.transport.rawValue, right.hostPort, right.containerPort)
    }
}
