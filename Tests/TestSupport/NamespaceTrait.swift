import Foundation
package import Testing

extension Trait where Self == ConditionTrait {
    /// For tests that make network namespaces: they run where `make test` has given them mount and network
    /// namespaces of their own, so that nothing they do can reach the machine.
    package static var namespaces: Self {
        .enabled(
            if: ProcessInfo.processInfo.environment["WEFT_TEST_NAMESPACES"] == "1",
            "needs namespaces of its own: run `make test`"
        )
    }
}
