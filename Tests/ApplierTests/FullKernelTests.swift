import NetworkState
import TestSupport
import Testing

@testable import Applier

/// What `make test` runs in User-mode Linux as well, whose kernel has all queues.
@Suite(.namespaces)
struct FullKernelTests {
    @Test(.needs(.netem)) func `netem is as tc shows it, and what is asked anew is all there is`() throws {
        let host = try TestHost()
        var applier = Applier(host.namespaces)
        let eth0 = LinkName(known: "eth0")
        let all = Impairment(loss: 0.05, rate: 10_000_000, delay: .milliseconds(20))
        try applier.impair(eth0, in: .own, all, by: .netem)
        let shown = try host.output("tc qdisc show dev eth0 root")
        for words in ["netem", "delay 20ms", "loss 5%", "rate 10Mbit"] { #expect(shown.contains(words), "\(shown)") }
        #expect(try applier.impairments(in: .own).mapValues(\.text) == [eth0: all.text])
        try applier.impair(eth0, in: .own, Impairment(loss: 0.5), by: .netem)
        #expect(try applier.impairments(in: .own).mapValues(\.text) == [eth0: "loss 50%"])
        try applier.clearImpairment(of: eth0, in: .own)
        #expect(try !host.output("tc qdisc show dev eth0 root").contains("netem"))
    }
}
