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
}
