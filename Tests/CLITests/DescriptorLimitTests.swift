import Foundation
import TestSupport
import Testing

/// Too few descriptors are the machine's fault: no probe may fail for want of one.
@Suite(.namespaces)
struct DescriptorLimitTests {
    private func test(withFiles limit: Int) throws -> Finished {
        try TestSupport.run(
            [
                "sh", "-c", #"ulimit -n "$0"; exec "$@""#, String(limit), Weft.path, "test",
                TopologyFile("calico-two-hosts").url.path,
            ])
    }

    @Test func `with too few descriptors a test ends by saying how many there may be, at whatever it was`() throws {
        var hasPassed = false
        // Around forty, one run after the other comes a step further.
        for limit in [16, 30] + Array(36...46) + [136] {
            let finished = try test(withFiles: limit)
            #expect(!finished.output.contains("failed"), "\(limit): \(finished.output)")
            if finished.status == 0 {
                hasPassed = true
            } else {
                #expect(
                    finished.errors.contains("may hold \(limit) open at a time: raise the limit with ulimit -n"),
                    "\(limit): \(finished.errors)")
            }
        }
        #expect(hasPassed)
    }
}
