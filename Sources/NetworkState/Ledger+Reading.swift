extension Ledger {
    /// Reads what ``hashedText`` has written, which begins with a member of its own; `hash` is what that says of the rest.
    ///
    /// Nil if a byte is otherwise, but for the layout. What it then is, a reader of any JSON can tell.
    package init?(asWritten bytes: [UInt8], digestedAs digest: (UInt64) -> String) {
        do throws(JSONScanner.Otherwise) {
            var scanner = JSONScanner(bytes)
            let hash = try scanner.beginDigested()
            self.init(topology: "", host: "")
            try scanner.read(&self)
            guard scanner.isAtEnd, digest(scanner.hash) == hash else { return nil }
        } catch { return nil }
    }
}

extension JSONScanner {
    fileprivate typealias Failure = Otherwise

    /// The first member; the rest begins as if it had not been there.
    fileprivate mutating func beginDigested() throws(Failure) -> String {
        try take("{")
        guard try text() == "digest", takes(":") else { throw Otherwise() }
        let digest = try text()
        try take(",")
        restartHash(after: "{")
        return digest
    }

    fileprivate mutating func read(_ ledger: inout Ledger) throws(Failure) {
        var version: UInt32?
        repeat {
            let key = try text()
            try take(":")
            switch key {
            case "earlier":
                try array { (scanner) throws(Failure) in ledger.earlier.append(try scanner.state()) }
            case "entries": ledger.entries = try state()
            case "former": ledger.former = try state()
            case "host": ledger.host = try text()
            case "namespaces":
                try array { (scanner) throws(Failure) in ledger.namespaces.insert(try scanner.text()) }
            case "topology": ledger.topology = try text()
            case "version": version = try number()
            default: throw Otherwise()
            }
        } while takes(",")
        try take("}")
        if version != UInt32(Ledger.version) { throw Otherwise() }
    }

    private mutating func state() throws(Failure) -> HostState {
        var state = HostState()
        try array { (scanner) throws(Failure) in
            var netns = Netns.own
            var contents = NamespaceState()
            try scanner.object { (scanner, key) throws(Failure) in
                if key.elementsEqual("netns".utf8) {
                    netns = .named(try scanner.text())
                } else {
                    try scanner.array { (scanner) throws(Failure) in try scanner.row(&contents) }
                }
            }
            state.namespaces[netns] = contents
        }
        return state
    }

    private mutating func row(_ contents: inout NamespaceState) throws(Failure) {
        let start = self
        if let route = try? routeRow() {
            contents.routes.insert(route)
        } else {
            self = start
            guard case .object(let members) = try value(), let kind = members["kind"]?.string,
                let resource = members["is"].flatMap({ Resource(kind: kind, json: $0) })
            else { throw Otherwise() }
            contents.insert(resource)
        }
    }

    private mutating func routeRow() throws(Failure) -> Route {
        try take("{")
        guard try quoted().elementsEqual("is".utf8), takes(":") else { throw Otherwise() }
        let route = try route()
        guard takes(","), try quoted().elementsEqual("kind".utf8), takes(":"),
            try quoted().elementsEqual("route".utf8), takes("}")
        else { throw Otherwise() }
        return route
    }

    /// What ``JSONWriter`` writes of a route that has no more than one next hop.
    private mutating func route() throws(Failure) -> Route {
        var destination: IPPrefix?
        var (device, gateway, source): (LinkName?, IPAddress?, IPAddress?)
        var (scope, maker, kind) = (Scope.global, RouteProtocol?.none, Route.Kind.unicast)
        var (table, tos, metric, mtu) = (Route.mainTable, UInt8(0), UInt32?.none, UInt32?.none)
        var (isOnLink, isToldInPart) = (false, false)
        try object { (scanner, key) throws(Failure) in
            switch RouteKey(key) {
            case .dev: device = try LinkName(scanner.text()).orOtherwise()
            case .dst: destination = try IPPrefix(written: scanner.quoted()).orOtherwise()
            case .metric: metric = try scanner.number()
            case .mtu: mtu = try scanner.number()
            case .onlink:
                try scanner.takeTrue()
                isOnLink = true
            case .proto: maker = try RouteProtocol(parsing: scanner.text()).orOtherwise()
            case .scope: scope = try Scope(parsing: scanner.text()).orOtherwise()
            case .src: source = try IPAddress(written: scanner.quoted()).orOtherwise()
            case .table: table = try scanner.number()
            case .toldInPart:
                try scanner.takeTrue()
                isToldInPart = true
            case .tos: tos = try UInt8(exactly: scanner.number()).orOtherwise()
            case .type: kind = try Route.Kind(word: scanner.text()).orOtherwise()
            case .via: gateway = try IPAddress(written: scanner.quoted()).orOtherwise()
            case nil: throw Otherwise()
            }
        }
        var route = Route(
            try destination.orOtherwise(), kind: kind, via: gateway, device: device, isOnLink: isOnLink, scope: scope,
            protocol: try maker.orOtherwise(), preferredSource: source, table: table, tos: tos, metric: metric, mtu: mtu
        )
        route.isToldInPart = isToldInPart
        return route
    }
}

/// A member of a route.
private enum RouteKey {
    case dev, dst, metric, mtu, onlink, proto, scope, src, table, toldInPart, tos, type, via

    /// No two have both their first letters and their lengths in common.
    init?(_ key: ArraySlice<UInt8>) {
        guard let candidate = Self.candidate(key), key.elementsEqual(candidate.word.utf8) else { return nil }
        self = candidate
    }

    private static func candidate(_ key: ArraySlice<UInt8>) -> RouteKey? {
        guard key.count > 2 else { return nil }
        let (first, second) = (key[key.startIndex], key[key.startIndex + 1])
        return switch first {
        case UInt8(ascii: "d"): second == UInt8(ascii: "e") ? .dev : .dst
        case UInt8(ascii: "m"): second == UInt8(ascii: "e") ? .metric : .mtu
        case UInt8(ascii: "o"): .onlink
        case UInt8(ascii: "p"): .proto
        case UInt8(ascii: "s"): second == UInt8(ascii: "c") ? .scope : .src
        case UInt8(ascii: "t"):
            switch key.count {
            case 3: .tos
            case 4: .type
            case 5: .table
            default: .toldInPart
            }
        case UInt8(ascii: "v"): .via
        default: nil
        }
    }

    private var word: String {
        switch self {
        case .dev: "dev"
        case .dst: "dst"
        case .metric: "metric"
        case .mtu: "mtu"
        case .onlink: "onlink"
        case .proto: "proto"
        case .scope: "scope"
        case .src: "src"
        case .table: "table"
        case .toldInPart: "toldInPart"
        case .tos: "tos"
        case .type: "type"
        case .via: "via"
        }
    }
}

extension Optional {
    fileprivate func orOtherwise() throws(JSONScanner.Otherwise) -> Wrapped {
        guard let self else { throw JSONScanner.Otherwise() }
        return self
    }
}
