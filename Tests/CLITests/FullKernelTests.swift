import Applier
import JSONReader
import NetworkState
import TestSupport
import Testing

/// What `make test` runs in User-mode Linux as well: the kernel there must be what other tests take it for.
@Suite(.namespaces)
struct FullKernelTests {
    @Test func `weft doctor finds what ip finds`() throws {
        let report = try JSON(parsing: Weft.run("doctor", "--format", "json").output)
        for feature in [KernelFeature.ipip, .vxlan, .tun] {
            let check = report["checks"]?.array?.first { $0["name"]?.string == feature.rawValue }
            let isFound = try #require(check?["status"]?.string) == "ok"
            #expect(isFound == ThisKernel.has(feature), "\(feature.rawValue)")
            if ThisKernel.isFull { #expect(isFound, "\(feature.rawValue)") }
        }
    }

    /// `tunl0` is there before and after: what is set on it must not outlive the model, nor what it had come back too soon.
    @Test(.needs(.ipip)) func `a host that changes to ipip and back is as if it never had`() throws {
        let machine = try Machine()
        let plain = try TopologyFile("calico-two-hosts").text
        let tunnelled = plain.replacing(#""profile": "calico""#, with: #""profile": "calico-ipip""#)
        #expect(tunnelled != plain)
        let empty = try machine.dump()
        try apply(plain, on: machine)
        let fresh = try machine.dump()
        try apply(tunnelled, on: machine)
        #expect(try machine.run("ip", "-br", "address", "show", "tunl0").output.contains(" 172.17.8.0/32 "))
        let again = try machine.weft("apply", "-", "--host", "A", input: tunnelled)
        #expect(again.output.contains("nothing to change"), "\(again.output)\(again.errors)")
        try apply(plain, on: machine)
        try expectSame(machine.dump(), fresh)
        try apply(tunnelled, on: machine)
        #expect(try machine.weft("destroy", "--host", "A").status == 0)
        try expectSame(machine.dump(), empty)
    }

    private func apply(_ topology: String, on machine: Machine) throws {
        let finished = try machine.weft("apply", "-", "--host", "A", input: topology)
        try #require(finished.status == 0, "\(finished.errors)")
    }
}
