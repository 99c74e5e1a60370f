/* relative: fails unless the pointers of its library are relocated. A linker without DT_RELR leaves
 * them as they are, without a message. */
int relocated(void);

int main(void)
{
    return !relocated();
}
