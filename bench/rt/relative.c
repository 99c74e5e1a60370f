/* relative: fails unless the pointers of its library were relocated, as a linker that knows no
 * DT_RELR would leave them without a word. */
int relocated(void);

int main(void)
{
    return !relocated();
}
