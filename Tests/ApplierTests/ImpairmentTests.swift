import Netlink
import NetworkState
import TestSupport
import Testing

@testable import Applier

/// Impaired links, and what `tc` and `nft` say of them.
struct ImpairmentTests {
    @Test(arguments: [
        Impairment(loss: 0.05), Impairment(rate: 10_000_000), Impairment(delay: .milliseconds(20)),
        Impairment(loss: 1, rate: 100_000_000_000, delay: .seconds(3600)),
    ])
    func `a queue is read as it was written`(_ impairment: Impairment) throws {
        let netem = try #require(try QdiscCodec.read(QdiscCodec.netem(impairment, on: 7).payload))
        #expect(netem.index == 7)
        #expect(netem.impairment.text == impairment.text)
        if let rate = impairment.rate {
            let tbf = try #require(try QdiscCodec.read(QdiscCodec.tbf(rate: rate, on: 7).payload))
            #expect(tbf.impairment == Impairment(rate: rate))
        }
    }

    @Test(.namespaces, .needs(.tbf), .needs(.randomDrop))
    func `without netem a rate is tbf's and loss is nftables'`() throws {
        let host = try TestHost()
        var applier = Applier(host.namespaces)
        let eth0 = LinkName(known: "eth0")
        try applier.impair(eth0, in: .own, Impairment(loss: 0.05, rate: 10_000_000), by: .substitutes)
        let shown = try host.output("tc qdisc show dev eth0 root")
        #expect(shown.contains("tbf") && shown.contains("rate 10Mbit"), "\(shown)")
        #expect(try host.output("nft list ruleset").contains("numgen random mod 1000000 < 50000 drop"))
        #expect(try applier.impairments(in: .own) == [eth0: Impairment(loss: 0.05, rate: 10_000_000)])
        try applier.impair(eth0, in: .own, Impairment(loss: 0.2), by: .substitutes)
        #expect(try applier.impairments(in: .own) == [eth0: Impairment(loss: 0.2)])
        try applier.impair(eth0, in: .own, Impairment(loss: 1), by: .substitutes)
        #expect(try applier.impairments(in: .own) == [eth0: Impairment(loss: 1)])
        try applier.clearImpairment(of: eth0, in: .own)
        try applier.clearImpairment(of: eth0, in: .own)
        #expect(try applier.impairments(in: .own).isEmpty)
        #expect(try host.output("nft list ruleset").isEmpty)
    }

    @Test(.namespaces) func `somebody else's queue is not cleared`() throws {
        let host = try TestHost()
        try host.shell(["tc qdisc add dev eth0 root pfifo limit 7"])
        var applier = Applier(host.namespaces)
        try applier.clearImpairment(of: LinkName(known: "eth0"), in: .own)
        #expect(try host.output("tc qdisc show dev eth0 root").contains("pfifo"))
    }

    @Test(.namespaces) func `what this kernel lacks is named, with the way out`() throws {
        guard !ThisKernel.has(.netem) else {
            #expect(try ImpairmentMeans.found(for: Impairment(delay: .milliseconds(1))) == .netem)
            return
        }
        do throws(ApplyError) {
            _ = try ImpairmentMeans.found(for: Impairment(delay: .milliseconds(1)))
            Issue.record("a delay without netem")
        } catch {
            #expect("\(error)".contains("no netem"), "\(error)")
            #expect("\(error)".contains("way out: as root: modprobe sch_netem"), "\(error)")
        }
    }

    @Test(.namespaces) func `a link that is not there is named with its place`() throws {
        let host = try TestHost()
        var applier = Applier(host.namespaces)
        #expect(throws: ApplyError.self) { try applier.set(LinkName(known: "eth9"), in: .own, isUp: false) }
        let container = host.container("gone")
        do throws(ApplyError) {
            try applier.clearImpairment(of: LinkName(known: "eth0"), in: container)
            Issue.record("a namespace that is not there was found")
        } catch { #expect("\(error)".contains("there is no network namespace"), "\(error)") }
    }
}

extension TestHost {
    func output(_ command: String) throws -> String {
        try TestSupport.run(["nsenter", "--net=/run/netns/\(name)", "sh", "-ec", command]).output
    }
}
