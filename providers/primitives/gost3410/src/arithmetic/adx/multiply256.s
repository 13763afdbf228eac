// r8..r11 = [rsi] · [rcx] mod 2^256 - C, below 2^256; clobbers rax, rdx, rdi, r12..r15.
// row 0
mov rdx, [rsi]
mulx r9, r8, [rcx]
mulx r10, rax, [rcx + 8]
add r9, rax
mulx r11, rax, [rcx + 16]
adc r10, rax
mulx r12, rax, [rcx + 24]
adc r11, rax
adc r12, 0
// row 1
mov rdx, [rsi + 8]
xor eax, eax
mulx rdi, rax, [rcx]
adcx r9, rax
adox r10, rdi
mulx rdi, rax, [rcx + 8]
adcx r10, rax
adox r11, rdi
mulx rdi, rax, [rcx + 16]
adcx r11, rax
adox r12, rdi
mulx r13, rax, [rcx + 24]
adcx r12, rax
mov eax, 0
adox r13, rax
adcx r13, rax
// row 2
mov rdx, [rsi + 16]
xor eax, eax
mulx rdi, rax, [rcx]
adcx r10, rax
adox r11, rdi
mulx rdi, rax, [rcx + 8]
adcx r11, rax
adox r12, rdi
mulx rdi, rax, [rcx + 16]
adcx r12, rax
adox r13, rdi
mulx r14, rax, [rcx + 24]
adcx r13, rax
mov eax, 0
adox r14, rax
adcx r14, rax
// row 3
mov rdx, [rsi + 24]
xor eax, eax
mulx rdi, rax, [rcx]
adcx r11, rax
adox r12, rdi
mulx rdi, rax, [rcx + 8]
adcx r12, rax
adox r13, rdi
mulx rdi, rax, [rcx + 16]
adcx r13, rax
adox r14, rdi
mulx r15, rax, [rcx + 24]
adcx r14, rax
mov eax, 0
adox r15, rax
adcx r15, rax
// r8..r11 += C · r12..r15
mov rdx, {c}
xor eax, eax
mulx rdi, rax, r12
adcx r8, rax
adox r9, rdi
mulx rdi, rax, r13
adcx r9, rax
adox r10, rdi
mulx rdi, rax, r14
adcx r10, rax
adox r11, rdi
mulx r12, rax, r15
adcx r11, rax
mov eax, 0
adox r12, rax
adcx r12, rax
// the carry word, at most C
imul r12, rdx
add r8, r12
adc r9, 0
adc r10, 0
adc r11, 0
// and the last carry, after which no limb overflows
sbb rax, rax
and rax, rdx
add r8, rax
