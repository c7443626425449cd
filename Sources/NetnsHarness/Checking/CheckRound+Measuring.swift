import Compiler
import Netlink
import NetworkState

// What is measured rather than probed: MTUs, gateways, bulk transfers.
extension CheckRound {
    func checkMTUs() throws(SystemError) -> [Check] {
        let sources = list.mtus.map(\.from).uniqued
        let places = Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($1, $0) })
        let namespaces = try lab.directory.hold(sources)
        let questions = list.mtus.map {
            MTUQuestion(
                source: places[$0.from] ?? 0, address: $0.address, expected: $0.expected, isOfOwnLink: $0.isOfOwnLink)
        }
        let answers = try withExtendedLifetime(namespaces) { () throws(SystemError) in
            try MTUProber.ask(questions, in: namespaces.descriptors)
        }
        return zip(list.mtus, answers).map { mtu, answer in
            Check(
                kind: .mtu, from: mtu.from, to: mtu.to, address: mtu.address, protocol: .icmp,
                expected: "mtu \(mtu.expected)", observed: answer.text,
                status: answer.isAsExpected ? .passed : .failed, event: event, place: place(mtu.origin),
                retries: answer.retries)
        }
    }

    func checkGateways(_ tap: Tap) throws(SystemError) -> [Check] {
        let answers = try GatewayAsker.ask(list.gateways.map(\.inquiry), tap)
        return zip(list.gateways, answers).map { gateway, answer in
            let isExpected =
                answer.answerers.count == 1 && answer.answerers.first == (gateway.expected ?? answer.answerers.first)
            let seen = answer.answerers.map(\.description)
            return Check(
                kind: .gateway, from: gateway.inquiry.node, address: gateway.inquiry.gateway,
                expected: gateway.expected?.description ?? "one answer",
                observed: seen.isEmpty ? "no answer" : seen.joined(separator: " and "),
                status: isExpected ? .passed : .failed, event: event, place: place(gateway.origin),
                retries: isExpected ? answer.retries : 0)
        }
    }

    /// One after the other: each has the network for itself.
    func checkDeliveries() throws(SystemError) -> [Check] {
        var checks: [Check] = []
        for delivery in list.deliveries { checks.append(try check(delivery)) }
        return checks
    }

    private func check(_ delivery: CheckList.Delivery) throws(SystemError) -> Check {
        let path = TrafficPath(
            from: try lab.directory.open(delivery.from), to: try lab.directory.open(delivery.to),
            target: SocketAddress(delivery.address), clock: try ProcessorClock())
        let (observed, isComplete) = Self.words(for: delivery.size) { () throws(SystemError) in
            try path.deliver(delivery.size)
        }
        return Check(
            kind: .bulk, from: delivery.from, to: delivery.to, address: delivery.address, protocol: .tcp,
            expected: "\(delivery.size) bytes", observed: observed, status: isComplete ? .passed : .failed,
            event: event,
            place: place(delivery.origin))
    }

    private static func words(
        for size: Int, _ deliver: () throws(SystemError) -> BulkDelivery
    ) -> (text: String, isComplete: Bool) {
        do throws(SystemError) {
            let delivery = try deliver()
            let failure = delivery.failure.map { ": \($0)" } ?? ""
            return ("\(delivery.received) bytes\(failure)", delivery.received == size)
        } catch {
            return ("\(error)", false)
        }
    }
}
