import Netlink

/// Answers whoever scrapes, within the agent's own loop: no one who connects can make it wait.
struct MetricsServer: ~Copyable {
    /// What is answered with, made when it is asked for.
    struct Pages {
        let metrics: () -> String
        /// Whether the host has been as its topology says at least once.
        let isReady: Bool
    }

    fileprivate struct Visitor {
        let connection: StreamConnection
        let deadline: MonotonicTime
        var exchange = HTTPExchange()
        var response: ArraySlice<UInt8>?
    }

    private static let capacity = 16
    private static let patience = Duration.seconds(5)

    private let listener: StreamListener
    private var visitors: [UInt64: Visitor] = [:]
    private var nextToken: UInt64

    /// - `firstToken`: connections are watched as this and the numbers after it.
    init(_ listener: consuming StreamListener, firstToken: UInt64) {
        self.listener = listener
        nextToken = firstToken
    }

    func watch(by poller: borrowing Poller, as token: UInt64) throws(SystemError) {
        try poller.watch(listener.descriptor, as: token)
    }

    /// When the next visitor has been waited for long enough.
    var deadline: MonotonicTime? { visitors.values.map(\.deadline).min() }

    /// Lets in those who wait, as far as there is room; of more, the one who has been here longest goes.
    mutating func admit(_ poller: borrowing Poller, at now: MonotonicTime) {
        while let connection = listener.accept() {
            if visitors.count >= Self.capacity, let oldest = visitors.keys.min() { visitors[oldest] = nil }
            nextToken += 1
            guard (try? poller.watch(connection.descriptor, as: nextToken)) != nil else { continue }
            visitors[nextToken] = Visitor(connection: connection, deadline: now + Self.patience)
        }
    }

    mutating func dismissIdlers(at now: MonotonicTime) {
        visitors = visitors.filter { $0.value.deadline > now }
    }

    mutating func attend(to token: UInt64, _ poller: borrowing Poller, _ pages: Pages) {
        guard var visitor = visitors.removeValue(forKey: token) else { return }
        if visitor.response == nil, !visitor.listen(pages) { return }
        guard let response = visitor.response else {
            visitors[token] = visitor
            return
        }
        guard let count = visitor.connection.write(response), count < response.count else { return }
        visitor.response = response.dropFirst(count)
        guard (try? poller.change(visitor.connection.descriptor, as: token, to: .writing)) != nil else { return }
        visitors[token] = visitor
    }
}

extension MetricsServer.Visitor {
    /// Whether to go on with this one.
    fileprivate mutating func listen(_ pages: MetricsServer.Pages) -> Bool {
        guard let bytes = connection.read(atMost: HTTPExchange.limit) else { return false }
        switch exchange.receive(bytes) {
        case .incomplete: break
        case .refused(let status): response = HTTPExchange.response(status, "")[...]
        case .asked(let path, let isHead): response = pages.response(to: path, isHead: isHead)[...]
        }
        return true
    }
}

extension MetricsServer.Pages {
    fileprivate func response(to path: String, isHead: Bool) -> [UInt8] {
        switch path {
        case "/metrics":
            HTTPExchange.response(200, metrics(), type: "text/plain; version=0.0.4", isHead: isHead)
        case "/healthz": HTTPExchange.response(200, "ok\n", isHead: isHead)
        case "/readyz":
            isReady
                ? HTTPExchange.response(200, "ready\n", isHead: isHead)
                : HTTPExchange.response(503, "the host is not as its topology says yet\n", isHead: isHead)
        default: HTTPExchange.response(404, "there are /metrics, /healthz and /readyz\n", isHead: isHead)
        }
    }
}
