package import Applier
import Foundation
package import Testing

/// The kernel that the tests run on, found out by the standard tools, not by what is under test.
package enum ThisKernel {
    /// Whether it is the User-mode Linux that `make test` starts for what build machines' kernels may lack.
    package static let isFull = ProcessInfo.processInfo.environment["WEFT_TEST_FULL_KERNEL"] == "1"

    /// What other kernels may lack: tests of it run in User-mode Linux, whatever the machine's kernel has.
    package static let rarities: Set<KernelFeature> = [.ipip, .netem]

    /// Features that a test can be without are tried; all others are taken for granted, and missed by every test.
    package static func has(_ feature: KernelFeature) -> Bool { trials[feature] ?? true }

    private static let trials = [
        // Without ends it would be `tunl0`, which a kernel with ipip makes by itself.
        KernelFeature.ipip: "ip link add trial type ipip local 192.0.2.1 remote 192.0.2.2",
        .vxlan: "ip link add trial type vxlan id 1 dstport 4789 local 192.0.2.1",
        .tun: "ip tuntap add trial mode tun",
        .nftables: "nft add table inet trial",
        .netem: "tc qdisc add dev lo root netem loss 1%",
        .tbf: "tc qdisc add dev lo root tbf rate 1mbit burst 10k latency 50ms",
        .randomDrop: """
        nft 'table netdev t { chain c { type filter hook ingress device "lo" priority 0; numgen random mod 9 < 1 drop; }; }'
        """,
    ].mapValues { (try? run(["unshare", "--net", "sh", "-c", $0]).status) == 0 }
}

extension Trait where Self == ConditionTrait {
    /// For a test of what this kernel may lack. It never skips in User-mode Linux, which is there to have it.
    package static func needs(_ feature: KernelFeature) -> Self {
        .enabled(
            if: ThisKernel.isFull || ThisKernel.has(feature),
            "this kernel has no \(feature.rawValue): `make test` runs this in User-mode Linux")
    }
}
