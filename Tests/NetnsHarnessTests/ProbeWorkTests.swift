import Compiler
import NetworkState
import Testing

@testable import NetnsHarness

struct ProbeWorkTests {
    private func work(by protocols: [ProbeProtocol]) -> ProbeWork {
        let nodes = (0..<1_000).map { ProbeNode(name: "n\($0)", addresses: [IPAddress(v4: 0x0a00_0000 + UInt32($0))]) }
        let probes = nodes.prefix(4).flatMap { from in
            nodes.filter { $0 != from }.flatMap { to in
                protocols.map { Probe(from: from.name, to: to.name, address: to.addresses[0], protocol: $0) }
            }
        }
        return ProbeWork(
            Packed(probes), among: nodes, patience: .standard, nonce: 0)
    }

    /// 20,000 is what services and containers commonly may have open, as this is written.
    @Test(
        arguments: [
            ([.icmp], 7_000, 2), ([.icmp], 6_000, 1), ([.icmp, .tcp, .udp], 20_000, 2),
            ([.icmp, .tcp, .udp], 10_000, 1),
        ] as [([ProbeProtocol], Int, Int)])
    func `two threads share the probes of a thousand nodes where there are descriptors for what they ask by`(
        _ protocols: [ProbeProtocol], _ limit: Int, _ threads: Int
    ) {
        let work = work(by: protocols)
        let shares = work.shares(forThreads: 2, descriptorLimit: limit)
        #expect(shares.count == threads)
        #expect(shares.flatMap { $0 }.sorted() == Array(work.probes.indices))
        #expect((work.connectionDescriptors(ofThreads: 2, descriptorLimit: limit) >= 1_024) == (threads == 2))
    }
}
